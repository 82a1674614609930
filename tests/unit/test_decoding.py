import codecs
import gzip
import pickle
import struct

import pytest

from desktop_agent.decoding import decode, kind_of

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


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_characters_without_a_mark(encoding: str) -> None:
    for text in (f"{CHINESE}\n{GERMAN}\n", GERMAN):
        data = text.encode(encoding)
        assert not kind_of(data)
        assert decode(data) == text
        assert decode(data[:-1], cut=True) == text[:-1]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pickle.dumps(["a" * 300] * 2), "pickle"),
        (pickle.dumps({}, protocol=2), "pickle"),
        (b"\x93NUMPY\x01\0v\0{'descr': '|O'}", "NumPy"),
        (gzip.compress(b"text"), "compressed"),
        (bytes(range(256)) * 4, "binary"),
        (b"\0" * 100, "binary"),
        (b"ab\0c\1\2\0def", "binary"),
        (struct.pack("<9h", *range(0x4E00, 0x4E08), 1), "binary"),
        (struct.pack("<40i", *range(0x4E00, 0x4E28)), "binary"),
    ],
)
def test_what_must_never_be_loaded_is_no_text(data: bytes, kind: str) -> None:
    assert kind in kind_of(data)
