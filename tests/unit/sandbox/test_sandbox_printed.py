"""Printed text without what drives a terminal."""

import pytest

from desktop_agent.sandbox.printed import plain


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("plain\n\ttext 你好 👩‍👩‍👧", "plain\n\ttext 你好 👩‍👩‍👧"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b[38:2::1:2:3mtrue colour\x1b[m", "true colour"),
        ("\x1b]0;title\x07x\x1b]8;;http://evil/\x1b\\link\x1b]8;;\x1b\\", "xlink"),
        ("\x1b]52;c;never closed", ""),
        ("\x1bP1$r0m\x1b\\x\x1b_apc\x1b\\y", "xy"),
        ("\x9b31mred\x9d0;t\x07!", "red!"),
        ("\x1bc\x1b(B\x1b=ok", "ok"),
        ("50%\r100%\r\nnext", "50%\n100%\nnext"),
        ("a\0b\x07c\x08d\x7fe\x85f", "abcdef"),
        ("end\x1b", "end"),
    ],
)
def test_plain(printed: str, shown: str) -> None:
    assert plain(printed) == shown


def test_it_takes_time_in_proportion() -> None:
    assert plain("\x1b]" * 100_000) == ""
    assert plain("\x1b[" * 100_000) == ""
    assert len(plain("\x1b[0" * 100_000)) < 100_000
