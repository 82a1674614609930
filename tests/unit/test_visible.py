"""Hidden characters are shown."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_agent.visible import INVISIBLE, visible, without_controls


def test_plain_text_stays() -> None:
    assert visible("Grüße, 世界 🙂\n\tx") == "Grüße, 世界 🙂\n\tx"


def test_bidi_and_zero_width_are_escaped() -> None:
    assert visible("a\u202eb\u200bc\x1b[2J") == "a\\u202eb\\u200bc\\u001b[2J"


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    import unicodedata

    assert not [char for char in visible(text) if unicodedata.category(char) in INVISIBLE - {"Cc"}]
    assert "\x1b" not in without_controls(text)
