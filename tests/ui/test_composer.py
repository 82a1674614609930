"""Writing: Enter, Shift+Enter, input methods, growing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_agent.ui.composer import MOST_LINES, Composer


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    made = Composer()
    qtbot.addWidget(made)
    made.resize(500, 100)
    made.show()
    return made


def sent(composer: Composer) -> list[str]:
    texts: list[str] = []
    composer.sent.connect(texts.append)
    return texts


def test_enter_sends_and_shift_enter_begins_a_line(qtbot: QtBot, composer: Composer) -> None:
    texts = sent(composer)
    qtbot.keyClicks(composer.edit, "one")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(composer.edit, "two")
    assert texts == []
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert texts == ["one\ntwo"]


def test_a_half_composed_text_is_never_sent(qtbot: QtBot, composer: Composer) -> None:
    texts = sent(composer)
    QApplication.sendEvent(composer.edit, QInputMethodEvent("nihao", []))
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert texts == []
    assert composer.text == ""
    committed = QInputMethodEvent("", [])
    committed.setCommitString("你好")
    QApplication.sendEvent(composer.edit, committed)
    assert (texts, composer.text) == ([], "你好")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert texts == ["你好"]


def test_nothing_is_sent_when_nothing_is_written(qtbot: QtBot, composer: Composer) -> None:
    texts = sent(composer)
    qtbot.keyClicks(composer.edit, "  ")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert texts == []
    assert not composer.button.isEnabled()


def test_enter_does_not_send_while_an_answer_is_written(qtbot: QtBot, composer: Composer) -> None:
    texts = sent(composer)
    composer.set_busy(True)
    composer.write("next")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert texts == []
    with qtbot.waitSignal(composer.stopped):
        qtbot.mouseClick(composer.button, Qt.MouseButton.LeftButton)


def test_the_field_grows_up_to_a_limit(composer: Composer) -> None:
    one = composer.edit.height()
    composer.write("1\n2\n3")
    three = composer.edit.height()
    composer.write("\n".join("x" * 30))
    most = composer.edit.height()
    assert one < three < most
    assert most <= composer.edit.fontMetrics().lineSpacing() * (MOST_LINES + 1)
    composer.clear()
    assert composer.edit.height() == one


def test_pasted_text_is_plain(composer: Composer) -> None:
    from PySide6.QtCore import QMimeData

    data = QMimeData()
    data.setHtml("<b>bold</b>")
    data.setText("bold")
    composer.edit.insertFromMimeData(data)
    assert composer.text == "bold"
