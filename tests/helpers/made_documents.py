"""Documents of every kind, made by the libraries that programs make them with, in English and Chinese."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from xml.sax.saxutils import escape

ENGLISH = "The invoice total is 4711.50 EUR."
CHINESE = "发票总额：4711.50 元，请在月底之前支付。"


def pdf(path: Path, pages: int = 3, password: str = "") -> Path:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), encrypt=StandardEncryption(password, strength=128) if password else None)
    canvas.setTitle("Invoice 发票")
    for page in range(pages):
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, 700, f"This is page {page + 1}. {ENGLISH}")
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(72, 680, CHINESE)
        canvas.showPage()
    canvas.save()
    return path


def docx(path: Path, paragraphs: int = 2) -> Path:
    from docx import Document

    document = Document()
    document.core_properties.title = "Contract 合同"
    document.add_heading("Terms 条款", level=1)
    for number in range(paragraphs):
        document.add_paragraph(f"Paragraph {number + 1}. {ENGLISH} {CHINESE}")
    document.add_heading("Prices", level=2)
    document.add_paragraph("Two coffees", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Item", "Price", "咖啡", "3.50"), strict=True
    ):
        cell.text = text
    document.add_paragraph("The end.")
    document.save(str(path))
    return path


def xlsx(path: Path, rows: int = 3) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title = "Budget 预算"
    sheet = book.active
    sheet.title = "Budget"
    sheet.append(["Item", "Price", "Day", "Paid"])
    for number in range(rows):
        sheet.append([f"coffee 咖啡 {number + 1}", 3.5 + number, date(2026, 11, 22), number % 2 == 0])
    sheet["J2"] = "far away"
    sheet["A9000"] = datetime(2026, 1, 2, 3, 4, 5)
    sheet["B9000"] = time(23, 59)
    sheet["C9000"] = "=SUM(B2:B4)"
    sheet["D9000"] = 0.1 + 0.2
    hidden = book.create_sheet("Secret")
    hidden.sheet_state = "hidden"
    book.create_sheet("空的")
    hidden["A1"] = CHINESE
    book.save(path)
    return path


def pptx(path: Path, slides: int = 2) -> Path:
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    show.core_properties.title = "Plan 计划"
    for number in range(slides):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = f"Slide number {number + 1}"
        slide.placeholders[1].text = f"{ENGLISH}\n{CHINESE}"
        slide.notes_slide.notes_text_frame.text = f"Say hello {number + 1}"
    table = slide.shapes.add_table(1, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    show.save(str(path))
    return path


def html(path: Path, encoding: str = "utf-8", declared: str = "utf-8") -> Path:
    path.write_bytes(
        f"""<!DOCTYPE html><html><head><meta charset="{declared}"><title>Recipe 食谱</title>
<script>alert("never run")</script><style>p {{ color: red }}</style></head><body>
<svg><title>An icon</title></svg><h1>Soup <a href="#soup">¶</a></h1><p>Take   two&nbsp;carrots &amp; <b>one</b>
onion.<ul><li>Salt<li>Pepper</ul><img src="https://example.invalid/x.png" alt="a bowl">
<table><tr><th>Item<th>Price</th></tr><tr><td>Carrot</td><td>0.30</td></tr></table>
<pre>  exact
    text</pre><p>{CHINESE}</p></body></html>""".encode(encoding)
    )
    return path


def epub(path: Path, sections: int = 3, locked: bool = False) -> Path:
    names = [f"text/part {number}.xhtml" for number in range(1, sections + 1)]
    items = "".join(f'<item id="i{n}" href="{name.replace(" ", "%20")}"/>' for n, name in enumerate(names))
    order = "".join(f'<itemref idref="i{n}"/>' for n in range(len(names)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
            f"<dc:title>The Journey 西游记</dc:title></metadata><manifest>{items}</manifest>"
            f"<spine>{order}</spine></package>",
        )
        for number, name in enumerate(names, 1):
            archive.writestr(
                f"OEBPS/{name}",
                '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "xhtml11.dtd"><html>'
                f"<head><title>x</title></head><body><h2>Chapter {number}</h2><p>{ENGLISH}</p><p>{CHINESE}</p></body>"
                "</html>",
            )
        if locked:
            references = "".join(f'<CipherReference URI="OEBPS/{name.replace(" ", "%20")}"/>' for name in names)
            archive.writestr("META-INF/encryption.xml", f"<encryption>{references}</encryption>")
    return path


_OPEN = (
    '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d" xmlns:presentation="p">'
    "<office:body>{body}</office:body></office:document-content>"
)


def _open_document(path: Path, kind: str, body: str, **more: str) -> Path:
    """Write what LibreOffice would, without its styles."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", _OPEN.format(body=body))
        archive.writestr("meta.xml", '<m xmlns:dc="c"><dc:title>Letter 信</dc:title></m>')
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def odt(path: Path, **more: str) -> Path:
    body = (
        "<office:text><text:tracked-changes><text:p>Deleted.</text:p></text:tracked-changes>"
        '<text:h text:outline-level="2">Terms 条款</text:h>'
        f'<text:p>{ENGLISH}<text:s text:c="2"/><text:span>{CHINESE}</text:span><text:line-break/>Next.</text:p>'
        "<text:list><text:list-item><text:p>One</text:p></text:list-item></text:list>"
        '<table:table table:name="a"><table:table-row><table:table-cell><text:p>Item</text:p></table:table-cell>'
        "<table:table-cell><text:p>3.50</text:p></table:table-cell></table:table-row></table:table>"
        "<text:p>A<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame></text:p></office:text>"
    )
    return _open_document(path, "text", body, **more)


def ods(path: Path) -> Path:
    def cell(text: str, times: int = 1) -> str:
        inside = f"<text:p>{text}</text:p>" if text else ""
        return f'<table:table-cell table:number-columns-repeated="{times}">{inside}</table:table-cell>'

    rows = (
        f"<table:table-row>{cell('Item')}{cell('Price')}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="1000000">{cell("", 16384)}</table:table-row>'
        f"<table:table-row>{cell(CHINESE)}{cell('', 7)}{cell('far')}{cell('x', 999999999)}</table:table-row>"
    )
    body = f'<table:table table:name="Budget">{rows}</table:table><table:table table:name="Empty"/>'
    return _open_document(path, "spreadsheet", f"<office:spreadsheet>{body}</office:spreadsheet>")


def odp(path: Path) -> Path:
    def page(number: int) -> str:
        shown = f"<text:p>Slide number {number}</text:p><text:p>{CHINESE}</text:p>"
        notes = f"<presentation:notes><text:p>Say hello {number}</text:p></presentation:notes>"
        return f"<draw:page><draw:frame><draw:text-box>{shown}</draw:text-box></draw:frame>{notes}</draw:page>"

    pages = "".join(map(page, (1, 2, 3)))
    return _open_document(path, "presentation", f"<office:presentation>{pages}</office:presentation>")


def zipped(path: Path, **entries: str | bytes) -> Path:
    """Write an archive; "__" in a name stands for "/", and a name without "." is an XML part."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/") + ("" if "." in name else ".xml"), content)
    return path


def word(path: Path, body: str, before: str = "") -> Path:
    """Write the smallest Word document around a body of XML."""
    start = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    return zipped(path, word__document=f"{before}{start}{body}</w:body></w:document>")


def paragraph(text: str) -> str:
    """Return a paragraph of WordprocessingML."""
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def picture(path: Path, kind: str, size: tuple[int, int] = (640, 480)) -> Path:
    from PIL import Image

    Image.new("RGB", size, "red").save(path, kind)
    return path


MAKERS: dict[str, Callable[[Path], Path]] = {
    "pdf": pdf,
    "docx": docx,
    "xlsx": xlsx,
    "pptx": pptx,
    "html": html,
    "epub": epub,
    "odt": odt,
    "ods": ods,
    "odp": odp,
}
