"""Markdown on the screen: safe, complete, and rendered once."""

import pytest
from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from desktop_agent.ui import highlight, links, markdown_html
from desktop_agent.ui.code_block import CodeBlock
from desktop_agent.ui.prose_view import ProseView
from desktop_agent.ui.streamed_text import StreamedText
from desktop_agent.ui.text_view import TextView

ATTACKS = """<img src="file:///etc/passwd"> <script>alert(1)</script>
![a picture](http://example.com/x.png) ![b](//host/share/x.png)
[bad](javascript:alert(1)) [file](file:///etc/passwd)
"""


def test_html_and_images_are_text(qtbot: QtBot) -> None:
    view = ProseView()
    qtbot.addWidget(view)
    asked: list[QUrl] = []
    view.loadResource = lambda kind, url: asked.append(url)  # type: ignore[method-assign]
    view.show_markdown(ATTACKS)
    assert asked == []
    text = view.toPlainText()
    assert '<img src="file:///etc/passwd">' in text
    assert "<script>" in text
    assert "[a picture]" in text
    assert "href" not in view.toHtml()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://example.com/x.png", "//host/share/x"])
def test_no_resource_is_ever_loaded(qtbot: QtBot, address: str) -> None:
    view = TextView()
    qtbot.addWidget(view)
    kind = QTextDocument.ResourceType.ImageResource.value
    assert view.loadResource(kind, QUrl(address)) == QByteArray()


def test_a_link_opens_nothing_before_it_was_shown(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    parent = QWidget()
    qtbot.addWidget(parent)
    links.ask(QUrl("https://example.com/a?b=c"), parent)
    box = parent.findChild(QMessageBox)
    assert "https://example.com/a?b=c" in box.informativeText()
    assert opened == []
    box.buttons()[0].click()
    assert opened == ["https://example.com/a?b=c"]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,<h1>hi</h1>",
        "smb://host/share",
        "ms-settings:privacy",
        "vbscript:x",
        "//host/share",
    ],
)
def test_only_web_addresses_can_be_opened(qtbot: QtBot, address: str) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    links.ask(QUrl(address), parent)
    box = parent.findChild(QMessageBox)
    assert [box.standardButton(button) for button in box.buttons()] == [QMessageBox.StandardButton.Close]
    assert box.textFormat() == Qt.TextFormat.PlainText
    box.close()


def test_a_link_whose_words_are_another_address_shows_the_real_one(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    view = ProseView()
    qtbot.addWidget(view)
    view.show_markdown("[https://bank.example](https://evil.example/?q=a\u202eb)")
    assert "https://bank.example" in view.toPlainText()
    view.anchorClicked.emit(QUrl("https://evil.example/?q=a\u202eb"))
    box = view.window().findChild(QMessageBox)
    assert box.informativeText() == "https://evil.example/?q=a%E2%80%AEb"
    assert opened == []
    assert box.standardButton(box.defaultButton()) == QMessageBox.StandardButton.Cancel
    box.close()


def test_streamed_and_whole_text_look_the_same(qtbot: QtBot) -> None:
    source = "# Title\n\nSome *text*\n\n- a\n- b\n\n```python\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd."
    streamed, whole = StreamedText(600), StreamedText(600)
    for view in (streamed, whole):
        qtbot.addWidget(view)
        view.show()
    for char in source:
        streamed.feed(char)
        streamed._show()
    streamed.finish()
    whole.feed(source)
    whole.finish()
    assert texts(streamed) == texts(whole)
    assert [block.language for block in streamed.findChildren(CodeBlock)] == ["python"]


def texts(view: StreamedText) -> list[str]:
    layout = view.layout()
    widgets = [layout.itemAt(row).widget() for row in range(layout.count())]
    return [w.text if isinstance(w, CodeBlock) else w.toPlainText() for w in widgets if not w.isHidden()]


def test_a_finished_part_is_not_rendered_again(qtbot: QtBot) -> None:
    view = StreamedText(600)
    qtbot.addWidget(view)
    view.feed("word " * 400 + "\n\n" + "next paragraph ")
    view._show()
    first, second = view.findChildren(ProseView)
    before = first.document().revision()
    view.feed("goes on")
    view._show()
    assert "goes on" in second.toPlainText()
    assert first.document().revision() == before


def test_views_are_as_high_as_their_text(qtbot: QtBot) -> None:
    view = StreamedText(500)
    qtbot.addWidget(view)
    view.feed("line\n\n" * 5 + "```\n" + "x" * 400 + "\n```\n")
    view.finish()
    view.resize(500, 600)
    view.show()
    qtbot.wait(20)
    for part in view.findChildren(TextView):
        assert part.height() >= part.document().size().height()
        assert part.height() <= part.document().size().height() + part.horizontalScrollBar().sizeHint().height() + 2
    assert view.findChild(CodeBlock).view.horizontalScrollBar().maximum() > 0


def test_spans_count_as_qt_does() -> None:
    (line,) = highlight.spans('x = "\U0001f600" + 1', "python")
    assert line[-1] == (11, 1, "code_number")


def test_an_unknown_language_stays_plain() -> None:
    assert highlight.spans("x", "nosuchlanguage") == []
    assert highlight.spans("x", "") == []


def test_prose_has_no_space_around_it(qtbot: QtBot) -> None:
    view = ProseView()
    qtbot.addWidget(view)
    view.resize(400, 10)
    view.show_markdown("one")
    one = view.height()
    view.show_markdown("# one")
    assert view.height() < one * 2
    assert markdown_html.html("a\nb").count("<br") == 1
