"""Documents made to do harm: each ends in a sentence or in harmless text, within bounded memory and time."""

import os
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.sandbox.documents import DocumentReader, DocumentText
from tests.helpers import made_documents as made

MOST_RESIDENT = 640 << 20
SECONDS = 20.0


@dataclass
class Watched:
    """What a reading took: the most memory that any worker had at a time, and seconds."""

    resident: int = 0
    seconds: float = 0.0


@contextmanager
def watched() -> Iterator[Watched]:
    """Look at the workers' high-water mark while they read."""
    seen, over = Watched(), threading.Event()
    thread = threading.Thread(target=_watch, args=(seen, over))
    started = time.monotonic()
    thread.start()
    try:
        yield seen
    finally:
        seen.seconds = time.monotonic() - started
        over.set()
        thread.join()


def _watch(seen: Watched, over: threading.Event) -> None:
    while not over.wait(0.005):
        for child in psutil.Process().children():
            try:
                command, status = (Path(f"/proc/{child.pid}/{name}").read_text() for name in ("cmdline", "status"))
            except OSError:
                continue
            if "document_worker" not in command:  # it is still a copy of this process
                continue
            peaks = [int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM")]
            seen.resident = max([seen.resident, *peaks])


def attempt(path: Path, seconds: float = SECONDS) -> tuple[str, Watched]:
    """Return the document's text or the sentence that says why there is none, and what it took."""
    fd = os.open(path, os.O_RDONLY)
    try:
        with watched() as seen:
            text = _text(DocumentReader(seconds), fd, path.name)
    finally:
        os.close(fd)
    print(f"{path.name}: {seen.resident >> 20} MB, {seen.seconds:.2f} s: {text[:100]!r}")
    assert seen.resident < MOST_RESIDENT
    assert seen.seconds < seconds + 5
    assert not list(path.parent.glob("passwd*")), "nothing is ever unpacked to disk"
    return text, seen


def _text(reader: DocumentReader, fd: int, name: str) -> str:
    try:
        document: DocumentText = reader.read(fd, name, cancel=threading.Event())
    except UserFacingError as error:
        return str(error)
    return "\n".join(part.text for part in document.parts)


def _repeated(path: Path, entry: str, chunk: bytes, count: int, start: bytes = b"", end: bytes = b"") -> Path:
    """Write an archive with one large entry."""
    packed = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packed as archive, archive.open(entry, "w", force_zip64=True) as out:
        out.write(start)
        for _ in range(count):
            out.write(chunk)
        out.write(end)
    return path


WORD = b'<w:document xmlns:w="w"><w:body>'


def zip_bomb(path: Path) -> Path:
    """1 MB that unpacks to 1 GB: one paragraph of one letter."""
    return _repeated(path, "word/document.xml", b"a" * (1 << 20), 1024, WORD + b"<w:p><w:t>")


def spaces(path: Path) -> Path:
    return _repeated(path, "word/document.xml", b" " * (1 << 20), 300, WORD)


def paragraphs(path: Path) -> Path:
    return _repeated(path, "word/document.xml", b"<w:p><w:t>a</w:t></w:p>" * 40_000, 300, WORD)


def deep(path: Path) -> Path:
    return _repeated(path, "word/document.xml", b"<w:tbl><w:tr><w:tc>" * 50_000, 2, WORD)


def attributes(path: Path) -> Path:
    return _repeated(path, "word/document.xml", b"".join(b'a%d="" ' % n for n in range(100_000)), 1, WORD + b"<w:p ")


def long_name(path: Path) -> Path:
    return _repeated(path, "word/document.xml", b"a" * (1 << 20), 200, WORD + b"<")


def shared_texts(path: Path) -> Path:
    """A workbook with ten million texts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml", '<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
        )
        links = '<Relationship Id="r1" Type="x/worksheet" Target="worksheets/a.xml"/>'
        links += '<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        archive.writestr("xl/worksheets/a.xml", "<worksheet/>")
        with archive.open("xl/sharedStrings.xml", "w") as out:
            out.write(b"<sst>")
            for _ in range(100):
                out.write(b"<si><t>abc</t></si>" * 100_000)
    return path


def far_cells(path: Path) -> Path:
    """A sheet whose few cells stand at its last column and row."""
    rows = "".join(f'<row r="{1048576 - n}"><c r="XFD{n}" t="str"><v>x</v></c></row>' for n in range(10))
    return _workbook(path, rows)


def wide_rows(path: Path) -> Path:
    return _workbook(path, "<row>" + "<c><v>1</v></c>" * 100_000 + "</row>")


def _workbook(path: Path, rows: str) -> Path:
    links = '<Relationship Id="r1" Type="x/worksheet" Target="/xl/worksheets/a.xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml", '<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        archive.writestr("xl/worksheets/a.xml", f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    return path


def nested(path: Path) -> Path:
    """A document with an archive in an archive, ten deep."""
    data = b"a" * 1_000_000
    for level in range(10):
        inner = path.with_suffix(f".{level}")
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.zip", data)
        data = inner.read_bytes()
        inner.unlink()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", WORD + b"<w:p><w:t>Only this.</w:t></w:p></w:body></w:document>")
        archive.writestr("word/embeddings/inner.zip", data)
    return path


def many_entries(path: Path) -> Path:
    """Ten million entries, all with the same bytes."""
    entry = b"PK\x01\x02" + struct.pack("<6H3L5H2L", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04" + struct.pack("<5H3L2H", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a")
        start = file.tell()
        for _ in range(100):
            file.write(entry * 100_000)
        size = file.tell() - start
        file.write(b"PK\x06\x06" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, 10_000_000, 10_000_000, size, start))
        file.write(b"PK\x06\x07" + struct.pack("<LQL", 0, start + size, 1))
        file.write(b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))
    return path


def overlapping(path: Path) -> Path:
    """Two entries that unpack the same bytes; see Fifield, "A better zip bomb", WOOT 2019."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", WORD + b" " * 10_000)
        archive.writestr("word/styles.xml", b" " * 10_000)
        archive.infolist()[1].header_offset = 4
    return path


def laughs(path: Path) -> Path:
    """The billion laughs."""
    entities = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return made.word(path, made.paragraph("x").replace("x", "&l9;"), f"<!DOCTYPE w [{entities}]>")


def outside(path: Path) -> Path:
    """An entity that is a file of the system."""
    return made.word(
        path, made.paragraph("x").replace("x", "&file;"), '<!DOCTYPE w [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    )


def laughing_workbook(path: Path) -> Path:
    return made.zipped(path, xl__workbook='<!DOCTYPE w [<!ENTITY a "b">]><workbook>&a;</workbook>')


def outside_types(path: Path) -> Path:
    return made.word(path, made.paragraph("x"), '<!DOCTYPE w SYSTEM "http://127.0.0.1:9/evil.dtd">')


def traversal(path: Path) -> Path:
    """Entries that lead out, absolute ones, a link, one name twice."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../passwd", "out")
        archive.writestr("/passwd2", "out")
        link = zipfile.ZipInfo("passwd3")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("word/document.xml", "no XML at all")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("word/document.xml", WORD + b"<w:p><w:t>Text.</w:t></w:p></w:body></w:document>")
    return path


def slides_outside(path: Path) -> Path:
    """Slides that are said to be files of the system, or pages of the web."""
    links = "".join(
        f'<Relationship Id="r{n}" Type="x/slide" Target="{target}"{mode}/>'
        for n, (target, mode) in enumerate(
            (
                ("../../../etc/passwd", ""),
                ("/etc/passwd", ""),
                ("file:///etc/passwd", ""),
                ("http://127.0.0.1/", ' TargetMode="External"'),
                ("slides/a.xml", ""),
            )
        )
    )
    ids = "".join(f'<p:sldId id="{n}" r:id="r{n}"/>' for n in range(5))
    return made.zipped(
        path,
        ppt__presentation=f'<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>',
        **{"ppt___rels__presentation.xml.rels": f"<Relationships>{links}</Relationships>"},
        ppt__slides__a='<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>The only slide.</a:t></a:r></a:p></p:sld>',
    )


def lzma_entry(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("word/document.xml", WORD)
    return path


def locked_entry(path: Path) -> Path:
    made.word(path, made.paragraph("x"))
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


def _pdf(path: Path, *objects: bytes, trailer: bytes = b"/Root 1 0 R") -> Path:
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF" % (
        count,
        table,
        count,
        trailer,
        len(data),
    )
    path.write_bytes(data)
    return path


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def _stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(data), extra, data)


def page_loop(path: Path) -> Path:
    return _pdf(
        path,
        CATALOGUE,
        b"<</Type/Pages/Count 5/Kids[3 0 R]>>",
        b"<</Type/Pages/Parent 2 0 R/Count 5/Kids[2 0 R 3 0 R]>>",
    )


def two_billion_pages(path: Path) -> Path:
    return _pdf(path, CATALOGUE, b"<</Type/Pages/Count 2147483647/Kids[3 0 R]>>", b"<</Type/Page/Parent 2 0 R>>")


def two_billion_objects(path: Path) -> Path:
    path.write_bytes(
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
        b"xref\n0 2147483647\n0000000000 65535 f \ntrailer<</Size 2147483647/Root 1 0 R>>\nstartxref\n93\n%%EOF"
    )
    return path


def reference_loop(path: Path) -> Path:
    """A length that is its own stream, contents that are themselves, an outline that has no end."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources 3 0 R>>"
    return _pdf(
        path,
        CATALOGUE,
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        page,
        b"<</Length 4 0 R>>\nstream\n/X Do\nendstream",
    )


def form_loop(path: Path) -> Path:
    """A form that draws itself, twice."""
    form = _stream(b"/F Do /F Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    return _pdf(path, CATALOGUE, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, _stream(b"/F Do"), form)


def pdf_bomb(path: Path) -> Path:
    """Contents of 1 MB that unpack to 600 MB, packed twice."""
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(b"q " * (1 << 19)) for _ in range(600)) + packer.flush()
    contents = _stream(zlib.compress(data), b"/Filter[/FlateDecode/FlateDecode]")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
    return _pdf(path, CATALOGUE, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, contents)


def pdf_depth(path: Path) -> Path:
    return _pdf(path, b"[" * 1_000_000)


def pdf_actions(path: Path) -> Path:
    """Scripts, a program to start, an embedded file and an address to call when it is opened."""
    canary = path.parent / "passwd_launched"
    launch = b"<</S/Launch/F(/bin/touch)/Win<</F(touch)/P(%s)>>>>" % str(canary).encode()
    names = b"/Names<</JavaScript<</Names[(a) 6 0 R]>>/EmbeddedFiles<</Names[(x.exe) 7 0 R]>>>>"
    return _pdf(
        path,
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R%s>>" % names,
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/AA<</O 5 0 R>>"
        b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        _stream(b"BT /F 12 Tf 9 9 Td (Visible text.) Tj ET"),
        launch,
        b"<</S/JavaScript/JS(app.launchURL('http://127.0.0.1:9/');)>>",
        b"<</Type/Filespec/F(x.exe)/EF<</F 4 0 R>>>>",
    )


def wide_table(path: Path) -> Path:
    path.write_bytes(b"1234567," * 1_000_000 + b"end\nshort,row\n")
    return path


def open_quote(path: Path) -> Path:
    path.write_bytes(b'a,"' + b"b\n" * 30_000_000)
    return path


def one_line(path: Path) -> Path:
    """500 MB without an end of line."""
    with path.open("wb") as file:
        for _ in range(500):
            file.write(b"a" * 1_000_000)
    return path


def one_row(path: Path) -> Path:
    path.write_bytes(b"a" * 50_000_000)
    return path


def sparse(path: Path) -> Path:
    """A terabyte of nothing."""
    with path.open("wb") as file:
        file.write(b"text\n")
        file.truncate(1 << 40)
    return path


def open_comment(path: Path) -> Path:
    path.write_bytes(b"<html>Before.<!--" + b"<a <!" * 20_000_000)
    return path


def deep_page(path: Path) -> Path:
    path.write_bytes(b"<html>" + b"<div><b>" * 100_000 + b"In the deep.")
    return path


def huge_picture(path: Path) -> Path:
    """50,000 x 50,000 pixels in a few bytes."""
    header = struct.pack(">2L5B", 50_000, 50_000, 8, 6, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + struct.pack(">L", 13) + b"IHDR" + header + struct.pack(">L", zlib.crc32(header))
    )
    return path


def jpeg_loop(path: Path) -> Path:
    path.write_bytes(b"\xff\xd8" + b"\xff\xe0\0\0" * 1_000_000)
    return path


def scripted_drawing(path: Path) -> Path:
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://127.0.0.1:9/svg11.dtd"><svg '
        'xmlns="http://www.w3.org/2000/svg" width="120" height="80px"><script>alert(1)</script>'
        '<image href="http://127.0.0.1:9/x.png"/><image href="file:///etc/passwd"/></svg>'
    )
    return path


def laughing_drawing(path: Path) -> Path:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    path.write_text(f'<!DOCTYPE svg [<!ENTITY l0 "9">{entities}]><svg width="&l9;"/>')
    return path


def tagged_yaml(path: Path) -> Path:
    path.write_text(f'!!python/object/apply:os.system ["touch {path.parent}/passwd_yaml"]')
    return path


def old_pickle(path: Path) -> Path:
    """A pickle of the first protocol is text, and is shown as such."""
    path.write_text(f"cos\nsystem\n(S'touch {path.parent}/passwd_pickle'\ntR.")
    return path


CASES: list[tuple[str, Callable[[Path], Path], str]] = [
    ("a.docx", zip_bomb, "unpacks to more than 256 MB"),
    ("a.docx", spaces, "unpacks to more than 256 MB"),
    ("a.docx", deep, "damaged"),
    ("a.docx", attributes, "damaged"),
    ("a.docx", long_name, "tag that is longer than any document needs"),
    ("a.docx", nested, "Only this."),
    ("a.docx", many_entries, "more entries than any document has"),
    ("a.docx", overlapping, "entries overlap"),
    ("a.docx", laughs, "defines XML entities"),
    ("a.docx", outside, "defines XML entities"),
    ("a.docx", outside_types, "defines XML entities"),
    ("a.docx", traversal, "Text."),
    ("a.docx", lzma_entry, "packed in a way that documents never are"),
    ("a.docx", locked_entry, "protected with a password"),
    ("a.xlsx", shared_texts, "unpacks to more than 256 MB|more than 512 MB of memory|takes longer than 2 s"),
    ("a.xlsx", far_cells, r"1048576: \[XFD\] x"),
    ("a.xlsx", wide_rows, "more columns"),
    ("a.xlsx", laughing_workbook, "defines XML entities"),
    ("a.pptx", slides_outside, "The only slide."),
    ("a.pdf", page_loop, "damaged"),
    ("a.pdf", two_billion_pages, "damaged|No text on this page"),
    ("a.pdf", two_billion_objects, "damaged"),
    ("a.pdf", reference_loop, "No text on this page"),
    ("a.pdf", form_loop, "No text on this page|made its reader fail"),
    ("a.pdf", pdf_bomb, "No text on this page|made its reader fail|memory"),
    ("a.pdf", pdf_depth, "damaged"),
    ("a.pdf", pdf_actions, "^Visible text.$"),
    ("a.csv", wide_table, "more columns\n2: short | row"),
    ("a.csv", open_quote, "damaged"),
    ("a.txt", one_line, "^a"),
    ("a.csv", one_row, "^1: a"),
    ("a.txt", sparse, "binary file"),
    ("a.html", open_comment, "Before|takes longer than 2 s"),
    ("a.html", deep_page, "In the deep."),
    ("a.png", huge_picture, "50,000 × 50,000 pixels"),
    ("a.jpg", jpeg_loop, "damaged"),
    ("a.svg", scripted_drawing, "SVG drawing, 120 × 80 pixels"),
    ("a.svg", laughing_drawing, "SVG drawing"),
    ("a.yaml", tagged_yaml, "!!python/object/apply"),
    ("a.pkl", old_pickle, "cos\nsystem"),
]
SLOW = (shared_texts, open_comment)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("name", "make", "sentence"), CASES, ids=[f"{make.__name__}-{name}" for name, make, _ in CASES]
)
def test_ends_in_a_sentence(tmp_path: Path, name: str, make: Callable[[Path], Path], sentence: str) -> None:
    import re

    text, _ = attempt(make(tmp_path / name), 2.0 if make in SLOW else SECONDS)
    assert re.search(sentence, text)
    assert "root:" not in text


def test_only_what_is_asked_for_is_unpacked(tmp_path: Path) -> None:
    """The beginning of a document is read whatever comes behind it."""
    text, seen = attempt(paragraphs(tmp_path / "a.docx"))
    assert text.startswith("a\na\n")
    assert seen.resident < 100 << 20


def test_stop_ends_it_at_once(tmp_path: Path) -> None:
    fd = os.open(paragraphs(tmp_path / "a.docx"), os.O_RDONLY)
    others = psutil.Process().children()  # what other tests keep running
    cancel = threading.Event()
    pressed: list[float] = []
    timer = threading.Timer(0.7, lambda: (pressed.append(time.monotonic()), cancel.set()))
    timer.start()
    try:
        with pytest.raises(Cancelled):
            DocumentReader().read(fd, "a.docx", start=10**9, cancel=cancel)
        waited = time.monotonic() - pressed[0]
    finally:
        timer.join()
        os.close(fd)
    print(f"Stop took {waited * 1000:.0f} ms")
    assert waited < 0.2
    assert psutil.Process().children() == others


def test_a_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    fd = os.open(paragraphs(tmp_path / "a.docx"), os.O_RDONLY)
    try:
        with pytest.raises(UserFacingError, match="takes longer than 1 second"):
            DocumentReader(seconds=0.6).read(fd, "a.docx", start=10**9)
    finally:
        os.close(fd)
