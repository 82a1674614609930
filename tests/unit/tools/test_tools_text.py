import codecs

import pytest

from desktop_agent.tools.shown import day, shown, size
from desktop_agent.tools.text import decode, kind_of

CHINESE = "发票总额：4711.50 元，请在月底之前支付。"
GERMAN = "Die Rechnung über 4711.50 € für Schrödinger ist fällig."


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (CHINESE.encode(), CHINESE),
        (codecs.BOM_UTF8 + CHINESE.encode(), CHINESE),
        (CHINESE.encode("gb18030"), CHINESE),
        (CHINESE.encode("gbk"), CHINESE),
        (CHINESE.encode("utf-16"), CHINESE),
        (codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), CHINESE),
        (CHINESE.encode("utf-32"), CHINESE),
        (GERMAN.encode("cp1252"), GERMAN),
        (b"a\r\nb\rc\n\td", "a\nb\nc\n\td"),
        (b"\x1b[31mred\x1b[0m\x07", "[31mred[0m"),
        (b"caf\xc3\xa9 \xff", "café �"),
        (b"\xff" + CHINESE.encode(), "�" + CHINESE),
        (b"\x81\xff\x9d", "�ÿ�"),
        (b"", ""),
    ],
)
def test_decodes(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_cut_in_the_middle_of_a_character(encoding: str) -> None:
    data = CHINESE.encode(encoding)
    for end in range(len(data) - 4, len(data)):
        text = decode(data[:end], cut=True)
        assert CHINESE.startswith(text)
        assert len(text) >= len(CHINESE) - 4


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4", "PDF"),
        (b"PK\x03\x04", "Office"),
        (b"a\0b", "binary"),
        (b"GGUF\3", "model"),
        (b"\x89PNG", "picture"),
    ],
)
def test_tells_what_is_no_text(data: bytes, kind: str) -> None:
    assert kind in kind_of(data)


def test_text_is_no_other_kind() -> None:
    for text in (CHINESE.encode(), CHINESE.encode("utf-16"), CHINESE.encode("utf-32"), b""):
        assert not kind_of(text)


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
