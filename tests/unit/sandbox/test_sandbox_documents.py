"""Real documents, read by the real worker."""

import io
import os
import random
import threading
import zipfile
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox import document_worker
from desktop_agent.sandbox.documents import DocumentReader, DocumentText
from tests.helpers import made_documents as made
from tests.helpers.made_documents import CHINESE, ENGLISH


def read(path: Path, start: int = 1, limit: int = 16_000) -> DocumentText:
    fd = os.open(path, os.O_RDONLY)
    try:
        return DocumentReader().read(fd, path.name, start=start, limit=limit, cancel=threading.Event())
    finally:
        os.close(fd)


def whole(document: DocumentText) -> str:
    return "\n".join(part.text for part in document.parts)


def labels(document: DocumentText) -> list[str]:
    return [part.label for part in document.parts]


@pytest.mark.parametrize(
    ("name", "kind", "title"),
    [
        ("pdf", "PDF document", "Invoice 发票"),
        ("docx", "Word document", "Contract 合同"),
        ("xlsx", "workbook", "Budget 预算"),
        ("pptx", "presentation", "Plan 计划"),
        ("html", "web page", "Recipe 食谱"),
        ("epub", "book", "The Journey 西游记"),
        ("odt", "text document", "Letter 信"),
        ("ods", "workbook", "Letter 信"),
        ("odp", "presentation", "Letter 信"),
    ],
)
def test_what_a_file_is_shows_in_its_bytes(tmp_path: Path, name: str, kind: str, title: str) -> None:
    document = read(made.MAKERS[name](tmp_path / "document.dat"))
    assert (document.kind, document.title) == (kind, title)
    assert CHINESE in whole(document)
    assert not document.truncated


def test_pages_of_a_pdf(tmp_path: Path) -> None:
    path = made.pdf(tmp_path / "a.pdf", pages=12)
    document = read(path, start=3, limit=250)
    assert labels(document) == ["page 3 of 12", "page 4 of 12"]
    assert document.parts[0].text == f"This is page 3. {ENGLISH}\n{CHINESE}"
    assert document.total_parts == 12
    assert document.truncated
    assert labels(read(path, start=12)) == ["page 12 of 12"]
    with pytest.raises(UserFacingError, match="has 12 parts; there is no part 13"):
        read(path, start=13)
    with pytest.raises(UserFacingError, match="counted from 1"):
        read(path, start=0)


def test_a_page_without_text(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.rect(10, 10, 50, 50)
    canvas.showPage()
    canvas.save()
    assert "may be a scan" in whole(read(tmp_path / "a.pdf"))


def test_fields_and_comments_of_a_pdf(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.drawString(72, 700, "Your name:")
    canvas.acroForm.textfield(name="name", value="Ada Byron", x=150, y=690)
    canvas.acroForm.textfield(name="empty", x=150, y=600)
    canvas.textAnnotation("Please sign.", Rect=[0, 0, 9, 9])
    canvas.showPage()
    canvas.save()
    text = whole(read(tmp_path / "a.pdf"))
    assert text == "Your name:\n[field name: Ada Byron]\n[comment: Please sign.]"


def test_headings_lists_and_tables_of_a_word_document(tmp_path: Path) -> None:
    document = read(made.docx(tmp_path / "a.docx"))
    assert whole(document).splitlines() == [
        "# Terms 条款",
        f"Paragraph 1. {ENGLISH} {CHINESE}",
        f"Paragraph 2. {ENGLISH} {CHINESE}",
        "## Prices",
        "- Two coffees",
        "Item | Price",
        "咖啡 | 3.50",
        "The end.",
    ]
    assert labels(document) == ["paragraphs 1 to 8, under 'Terms 条款'"]


def test_a_long_word_document_is_divided_by_headings(tmp_path: Path) -> None:
    path = made.docx(tmp_path / "a.docx", paragraphs=100)
    document = read(path, limit=8000)
    assert document.total_parts > len(document.parts)
    last = read(path, start=document.total_parts)
    assert labels(last)[0].endswith("under 'Prices'")
    assert "The end." in whole(last)
    every = [whole(read(path, start=part, limit=5000)) for part in range(1, document.total_parts + 1)]
    assert all(f"Paragraph {number}. " in "\n".join(every) for number in range(1, 101)), "nothing is lost in between"


def test_what_word_keeps_beside_the_text(tmp_path: Path) -> None:
    """Deleted and moved text is gone; a text box is there once; notes come last."""
    body = (
        made.paragraph("Kept.")
        + "<w:p><w:del><w:r><w:delText>Deleted.</w:delText></w:r></w:del>"
        + "<w:moveFrom><w:r><w:t>Moved.</w:t></w:r></w:moveFrom><w:r><w:t>New</w:t><w:tab/><w:t>line.</w:t></w:r></w:p>"
        + '<w:p><w:r><mc:AlternateContent xmlns:mc="x"><mc:Choice><w:txbxContent>'
        + made.paragraph("Box.")
        + "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
        + made.paragraph("Box.")
        + "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        + "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>"
        + made.paragraph("inner")
        + "</w:tc></w:tr></w:tbl></w:tc><w:tc>"
        + made.paragraph("outer")
        + "</w:tc></w:tr></w:tbl>"
    )
    made.word(tmp_path / "a.docx", body)
    document = read(tmp_path / "a.docx")
    assert whole(document).splitlines() == ["Kept.", "New\tline.", "Box.", "inner | outer"]


def test_footnotes_come_last(tmp_path: Path) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    made.zipped(
        tmp_path / "a.docx",
        word__document=f"<w:document {space}><w:body>{made.paragraph('Text.')}</w:body></w:document>",
        word__footnotes=f"<w:footnotes {space}><w:footnote>{made.paragraph('A note.')}</w:footnote></w:footnotes>",
    )
    assert [(part.label, part.text) for part in read(tmp_path / "a.docx").parts] == [
        ("paragraph 1", "Text."),
        ("footnote 1", "A note."),
    ]


def test_rows_of_a_workbook(tmp_path: Path) -> None:
    document = read(made.xlsx(tmp_path / "a.xlsx"))
    assert labels(document) == ["sheet 'Budget', rows 1 to 9000", "sheet 'Secret' (hidden), row 1", "sheet '空的'"]
    assert document.parts[0].text.splitlines() == [
        "1: Item | Price | Day | Paid",
        "2: coffee 咖啡 1 | 3.5 | 2026-11-22 | TRUE | [J] far away",
        "3: coffee 咖啡 2 | 4.5 | 2026-11-22 | FALSE",
        "4: coffee 咖啡 3 | 5.5 | 2026-11-22 | TRUE",
        "9000: 2026-01-02 03:04:05 | 23:59:00 | =SUM(B2:B4) | 0.3",
    ]
    assert document.parts[2].text == "[This sheet is empty.]"


def test_later_rows_repeat_the_names_of_the_columns(tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "a.xlsx", rows=500)
    part = read(path, start=3, limit=5000).parts[0]
    assert part.text.startswith("1: Item | Price | Day | Paid\n")
    first = int(part.label.split()[3])
    assert f"\n{first}: coffee 咖啡 {first - 1} |" in part.text


def test_slides_with_their_notes(tmp_path: Path) -> None:
    document = read(made.pptx(tmp_path / "a.pptx", slides=11))
    assert labels(document)[-1] == "slide 11 of 11"
    assert document.parts[9].text == f"Slide number 10\n{ENGLISH}\n{CHINESE}\nNotes:\nSay hello 10"
    assert "left | right" in document.parts[10].text


@pytest.mark.parametrize(("encoding", "declared"), [("utf-8", "utf-8"), ("gb18030", "gb2312"), ("utf-16", "utf-8")])
def test_a_web_page(tmp_path: Path, encoding: str, declared: str) -> None:
    document = read(made.html(tmp_path / "a.html", encoding, declared))
    assert document.title == "Recipe 食谱"
    assert whole(document).splitlines() == [
        "# Soup ¶",
        "Take two carrots & one onion.",
        "- Salt",
        "- Pepper",
        "[picture: a bowl]",
        "Item | Price",
        "Carrot | 0.30",
        "  exact",
        "    text",
        CHINESE,
    ]
    assert labels(document) == ["paragraphs 1 to 9, under 'Soup'"]


def test_open_documents(tmp_path: Path) -> None:
    text = read(made.odt(tmp_path / "a.odt"))
    assert whole(text).splitlines() == [
        "## Terms 条款",
        f"{ENGLISH}  {CHINESE}",
        "Next.",
        "- One",
        "Item | 3.50",
        "Abox",
    ]
    assert labels(text) == ["paragraphs 1 to 5, under 'Terms 条款'"]
    slides = read(made.odp(tmp_path / "a.odp"))
    assert labels(slides) == ["slide 1", "slide 2", "slide 3"]
    assert slides.parts[1].text == f"Slide number 2\n{CHINESE}\nSay hello 2"


def test_repeated_cells_of_an_open_document(tmp_path: Path) -> None:
    """A sheet says "the next million rows are empty", and may say so of cells that are not."""
    document = read(made.ods(tmp_path / "a.ods"))
    assert labels(document) == ["sheet 'Budget', rows 1 to 1000002", "sheet 'Empty'"]
    assert document.parts[0].text.startswith(f"1: Item | Price\n1000002: {CHINESE} | [I] far | x | x | x | ")
    assert document.parts[0].text.count("x") == 64


def test_sections_of_a_book(tmp_path: Path) -> None:
    document = read(made.epub(tmp_path / "a.epub"))
    assert labels(document) == [f"section {n} of 3, 'Chapter {n}'" for n in (1, 2, 3)]
    assert document.parts[1].text == f"## Chapter 2\n{ENGLISH}\n{CHINESE}"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f"Item,Note\ncoffee,{CHINESE}\n"),
        ("a.csv", f"Item;Note\ncoffee;{CHINESE}\n"),
        ("a.tsv", f"Item\tNote\ncoffee\t{CHINESE}\n"),
        ("a.csv", f'Item,Note\n"coffee","{CHINESE}"'),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_tables_as_text(tmp_path: Path, name: str, content: str, encoding: str) -> None:
    (tmp_path / name).write_bytes(content.encode(encoding))
    document = read(tmp_path / name)
    assert document.kind == "table"
    assert labels(document) == ["rows 1 to 2"]
    assert whole(document) == f"1: Item | Note\n2: coffee | {CHINESE}"


def test_formulas_in_a_table_are_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,value\n=cmd|' /C calc'!A0,@SUM(1)\n")
    assert "2: =cmd|' /C calc'!A0 | @SUM(1)" in whole(read(tmp_path / "a.csv"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_plain_text_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.md").write_bytes(f"# Title\r\n{CHINESE}\r\n{ENGLISH}".encode(encoding))
    document = read(tmp_path / "a.md")
    assert document.kind == "Markdown text"
    assert labels(document) == ["lines 1 to 3"]
    assert whole(document) == f"# Title\n{CHINESE}\n{ENGLISH}"


def test_invalid_bytes_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"fine \xff\xfe\x1b]0;x\x07 " + CHINESE.encode())
    assert whole(read(tmp_path / "a.txt")) == f"fine \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}]0;x {CHINESE}"


def test_a_long_text_is_read_on_part_by_part(tmp_path: Path) -> None:
    lines = [f"{number} {CHINESE}" for number in range(1, 1001)]
    (tmp_path / "a.txt").write_text("\n".join(lines))
    got: list[str] = []
    start = 1
    while True:
        document = read(tmp_path / "a.txt", start)
        got += whole(document).splitlines()
        start += len(document.parts)
        if not document.truncated:
            break
    assert got == lines


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"])
def test_the_size_of_a_picture(tmp_path: Path, kind: str) -> None:
    document = read(made.picture(tmp_path / "a.dat", kind, (641, 480)))
    assert document.kind.casefold() == f"{kind} picture".casefold()
    assert "641 × 480 pixels" in whole(document)


def test_text_that_begins_like_a_bitmap(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("BMW builds cars.")
    assert read(tmp_path / "a.txt").kind == "text"


@pytest.mark.parametrize("name", ["docx", "xlsx", "pptx", "html", "epub", "odt", "ods", "odp"])
def test_a_damaged_document_never_ends_the_reader(tmp_path: Path, name: str) -> None:
    """Some bytes of a file are wrong, missing or there twice; here without a worker, for there is one for each."""
    document_worker.load()
    chance = random.Random(name)  # noqa: S311 -- the same damage every time
    data = made.MAKERS[name](tmp_path / f"a.{name}").read_bytes()
    for _ in range(50):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randint(0, 40)] = damaged[chance.randrange(len(damaged)) :][
                : chance.randint(0, 40)
            ]
        answer = document_worker.answer(io.BytesIO(bytes(damaged)), {"name": name, "start": 1, "limit": 16_000})
        assert answer.get("fault") or answer.get("kind")


def test_a_document_without_text(tmp_path: Path) -> None:
    made.word(tmp_path / "a.docx", "")
    document = read(tmp_path / "a.docx")
    assert document.parts == ()
    assert not document.truncated


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("locked.pdf", "protected with a password"),
        ("locked.docx", "protected with a password"),
        ("locked.epub", r"locked by the shop that sold it \(DRM\)"),
        ("old.doc", "old Office document. Save it as .docx"),
        ("locked.odt", "protected with a password"),
        ("sealed.odt", "protected with a password"),
        ("letter.rtf", "Rich Text document. Save it as .docx"),
        ("many.zip", "ZIP archive and no document. Unpack it"),
        ("empty.txt", "The file is empty"),
        ("cut.pdf", "PDF document is damaged"),
        ("cut.docx", "damaged and cannot be read"),
        ("no.docx", "damaged and cannot be read"),
        ("cut.png", "picture is damaged"),
        ("model.pkl", "a Python pickle and no document"),
        ("array.npy", "a NumPy array and no document"),
        ("model.joblib", "a compressed file and no document"),
        ("program", "a program and no document"),
        ("noise.bin", "a binary file and no document"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, sentence: str) -> None:
    path = tmp_path / name
    _make_unreadable(path)
    with pytest.raises(UserFacingError, match=sentence):
        read(path)


def _make_unreadable(path: Path) -> None:
    import gzip
    import pickle

    content: dict[str, bytes] = {
        "locked.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1500) + "EncryptedPackage".encode("utf-16-le"),
        "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000),
        "letter.rtf": rb"{\rtf1\ansi Hello}",
        "empty.txt": b"",
        "model.pkl": pickle.dumps({"weights": [0.5] * 100}),
        "array.npy": b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n",
        "model.joblib": gzip.compress(pickle.dumps({})),
        "program": b"\x7fELF\x02\x01\x01" + bytes(100),
        "noise.bin": bytes(range(256)) * 10,
    }
    if path.name in content:
        path.write_bytes(content[path.name])
    elif path.name == "locked.pdf":
        made.pdf(path, password="secret")
    elif path.name == "locked.epub":
        made.epub(path, locked=True)
    elif path.name == "locked.odt":
        made.odt(path, **{"META-INF__manifest.xml": "<manifest><file-entry><encryption-data/></file-entry></manifest>"})
    elif path.name == "sealed.odt":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("encrypted-package", b"noise")
    elif path.name == "many.zip":
        made.zipped(path, readme="<x/>")
    elif path.name == "no.docx":
        made.zipped(path, word__document="<w:document><w:p>")
    else:
        kind = path.suffix[1:]
        whole_file = made.picture(path, "PNG") if kind == "png" else made.MAKERS[kind](path)
        data = whole_file.read_bytes()
        path.write_bytes(data[:20] if kind == "png" else data[:64] if kind == "pdf" else data[: len(data) // 2])
