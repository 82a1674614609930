"""HTML: its text, with nothing loaded and nothing run."""

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import chain, islice
from typing import BinaryIO

from desktop_agent.decoding import encoding_of
from desktop_agent.sandbox.readers.parts import Document, Line, gathered, section

_CHUNK = 1 << 16
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]{2,20})""", re.IGNORECASE)
DECLARED = (
    *("ascii", "iso8859-15", "cp1250", "cp1251", "koi8-r"),
    *("gbk", "gb2312", "big5", "shift_jis", "euc_jp", "euc_kr"),
)
"""Encodings that a page may declare, beside those that are guessed; the locked worker can load no others."""
_UNSEEN = frozenset(("script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select", "canvas"))
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "dialog", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead"),
        *("title", "tr", "ul"),
    )
)
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_LONGEST_HEADING = 80


def read(file: BinaryIO, _name: str) -> Document:
    """Return the text by headings."""
    page = Page()
    lines = blocks(file, page)
    first = list(islice(lines, 1))  # the title stands before it
    return Document("web page", page.title, gathered(chain(first, lines), section))


def blocks(stream: BinaryIO, page: "Page") -> Iterator[Line]:
    """Yield what a page shows as paragraphs, rows of tables and headings."""
    data = stream.read(_CHUNK)
    encoding, mark = _encoding(data)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    data = data[mark:]
    while data:
        page.feed(decoder.decode(data))
        yield from page.taken()
        data = stream.read(_CHUNK)
    page.feed(decoder.decode(b"", True))
    page.close()
    yield from page.taken()


class Page(HTMLParser):
    """Turns tags into lines. `title` is what the page calls itself, `under` the heading that was read last."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.under = ""
        self._lines: list[Line] = []
        self._text: list[str] = []
        self._unseen = 0
        self._exact = 0
        self._number = self._cells = 0
        self._before = ""
        self._titled = False

    def taken(self) -> list[Line]:
        """Return the lines since the last time."""
        lines, self._lines = self._lines, []
        return lines

    def close(self) -> None:
        """Take what stands after the last tag."""
        super().close()
        self._flush()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, or something that is not shown."""
        if tag in _UNSEEN:
            self._unseen += 1
        elif self._unseen:
            return
        elif tag in _BLOCKS:
            self._flush()
            self._before = "- " if tag == "li" else "#" * _LEVELS[tag] + " " if tag in _LEVELS else self._before
            self._titled = tag == "title"
            self._exact += tag == "pre"
            self._cells = 0
        elif tag in ("td", "th"):
            self._text.append(" | " if self._cells else "")
            self._cells += 1
        elif tag == "br":
            self._text.append("\n")
        elif tag == "img" and (words := dict(attrs).get("alt")):
            self._text.append(f"[picture: {words}]")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that is over at once."""
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """End a line."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BLOCKS and not self._unseen:
            self._flush()
            self._before = ""
            self._exact -= tag == "pre" and self._exact > 0

    def handle_data(self, data: str) -> None:
        """Keep text; outside of `pre` white space means nothing."""
        if not self._unseen:
            self._text.append(data if self._exact else re.sub(r"\s+", " ", data))

    def _flush(self) -> None:
        if not self._text:
            return
        lines = "".join(self._text).split("\n")
        trimmed = (line.rstrip() if self._exact else line.strip().removesuffix(" |") for line in lines)
        text = "\n".join(trimmed).strip("\n")
        self._text = []
        if text.strip() in ("", "|"):
            return
        if self._titled:
            self.title, self._titled = self.title or text, False
            return
        if self._before.startswith("#"):
            self.under = text.rstrip("¶# ")[:_LONGEST_HEADING]  # signs that link a heading to itself
        self._number += 1
        self._lines.append(Line(self._number, self._before + text, self.under))
        self._before = ""


def _encoding(beginning: bytes) -> tuple[str, int]:
    """Return the encoding that a page declares, unless its bytes tell of another, and the length of its mark."""
    guessed, mark = encoding_of(beginning, cut=True)
    found = _DECLARED.search(beginning[:2048])
    if mark or not found or guessed.startswith("utf-16"):
        return guessed, mark
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except (LookupError, OSError):
        return guessed, 0
    return {"gb2312": "gb18030", "gbk": "gb18030", "ascii": guessed, "iso8859-1": "cp1252"}.get(name, name), 0
