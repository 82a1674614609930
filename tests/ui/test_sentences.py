"""What is said behind the window reaches the user in the window's language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

import desktop_agent
from desktop_agent.errors import UserFacingError
from desktop_agent.ui import translation
from desktop_agent.ui.messages import show_error
from desktop_agent.ui.sentences import SENTENCES, told
from desktop_agent.ui.speakers import spoken

ROOMS = Path(desktop_agent.__file__).parent


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    """Chinese, for as long as a test runs."""
    translation.install(qapp, "zh_CN")
    yield
    translation.install(qapp, "en")


def blanked(node: ast.AST) -> str:
    """Return a text or an f-string of a source file, with {} for each blank."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def test_each_listed_sentence_is_said_somewhere() -> None:
    files = [file for file in ROOMS.rglob("*.py") if ROOMS / "ui" not in file.parents]
    said = "\n".join(blanked(node) for file in files for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    unsaid = [each for each in SENTENCES if re.sub(r"{\w+}", "{}", each) not in said]
    assert unsaid == []


@pytest.mark.usefixtures("chinese")
def test_an_error_and_its_hint_are_translated_with_what_stands_in_their_blanks() -> None:
    error = UserFacingError(
        "The archive /home/x. y/a.age cannot be read: No such file or directory.", "Nothing was changed."
    )
    assert told(error) == "无法读取存档 /home/x. y/a.age：No such file or directory。没有更改任何内容。"


@pytest.mark.usefixtures("chinese")
def test_a_notice_is_translated_sentence_by_sentence() -> None:
    notice = "Memory finds what was said by its words only: The memory server at https://m:8 refuses the token."
    assert told(notice) == "记忆目前只按词语查找说过的内容：记忆服务器 https://m:8 不接受此令牌。"


def test_a_long_sentence_is_not_cut_off_in_its_box(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    show_error(window, UserFacingError("Desktop Agent is already running.", "Close the other window or terminal. " * 3))
    box = window.findChild(QMessageBox)
    label = box.findChild(QLabel, "qt_msgbox_label")
    qtbot.waitUntil(box.isVisible)
    needed = label.heightForWidth(label.width()) if label.wordWrap() else 0
    assert label.height() >= needed
    assert label.wordWrap() or label.width() >= label.sizeHint().width()
    box.close()


@pytest.mark.usefixtures("chinese")
def test_what_nobody_translated_is_shown_as_it_is() -> None:
    assert told("Nothing was changed. The moon is in the way.") == "没有更改任何内容。The moon is in the way."


def test_in_english_nothing_changes() -> None:
    text = "The disk is full, so the last change was not saved. Free some space and try again."
    assert told(text) == text


@pytest.mark.usefixtures("chinese")
def test_speakers_of_a_snippet_are_named_as_in_the_window() -> None:
    assert (
        spoken("User: 猫叫什么？\nAssistant: 薛定谔。\nCaroline: Hi") == "你：猫叫什么？\n助手：薛定谔。\nCaroline: Hi"
    )
