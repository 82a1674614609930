import pytest

from desktop_agent.tools.shown import day, shown, size


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_960, "1.0 MB"),
        (2**40, "1.1 TB"),
        (10**16, "10000.0 TB"),
    ],
)
def test_sizes(count: int, words: str) -> None:
    assert size(count) == words


def test_days() -> None:
    assert day(1.7e9) == "2023-11-14"
    assert day(1e18) == "no date"


def test_long_names_are_cut() -> None:
    assert shown("a" * 300) == "a" * 200 + "…"
    assert shown("中文 ü") == "中文 ü"
