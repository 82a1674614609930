"""Tool cards: what is asked, what the buttons do, what is shown afterwards."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_agent.approvals import ApprovalRequest, Effect, Preview
from desktop_agent.messages import ToolCall, ToolResult
from desktop_agent.ui import approval_view
from desktop_agent.ui.change_view import DiffView
from desktop_agent.ui.long_text import LINES, LongText
from desktop_agent.ui.text_view import TextView
from desktop_agent.ui.theme import Theme, tokens
from desktop_agent.ui.tool_card import ToolCard
from desktop_agent.ui.window import MainWindow

from .conftest import Windows

READ = '<tool_call>\n{"name": "read_file", "arguments": {"path": "invoice.txt"}}\n</tool_call>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    made.mkdir()
    (made / "invoice.txt").write_text("Total: 4711.50 EUR")
    return made


def asked_card(qtbot: QtBot, window: MainWindow, text: str = "What is the total?") -> ToolCard:
    window.chat.send(text)
    view = window.panel.transcript.views[-1]
    qtbot.waitUntil(lambda: any(card.state == "asking" for card in view.answer.cards.values()))
    return next(iter(view.answer.cards.values()))


def press(qtbot: QtBot, card: ToolCard, decision: str) -> None:
    card.approval.shown_at -= approval_view.GUARD_SECONDS
    qtbot.mouseClick(card.findChild(QPushButton, decision), Qt.MouseButton.LeftButton)


def test_allowed_once_the_file_is_read(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = windows(READ, "It is 4711.50 EUR.")
    window.app.folders.grant(folder)
    card = asked_card(qtbot, window)
    deny = card.approval.deny_button
    assert deny is QApplication.focusWidget() or deny.hasFocus()
    press(qtbot, card, "once")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert card.state == "done"
    assert "4711.50" in card._text
    assert window.panel.transcript.views[0].answer.text == "It is 4711.50 EUR."
    assert window.app.tool_desk.approvals() == []


def test_allowed_in_this_chat_it_is_not_asked_again(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = windows(READ, "First.", READ, "Second.")
    window.app.folders.grant(folder)
    press(qtbot, asked_card(qtbot, window), "chat")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    window.chat.send("And again?")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    (card,) = window.panel.transcript.views[1].answer.cards.values()
    assert card.state == "done"


def test_denied_nothing_is_read(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = windows(READ, "Then I cannot say.")
    window.app.folders.grant(folder)
    card = asked_card(qtbot, window)
    press(qtbot, card, "deny")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert card.state == "refused"
    stored = window.app.transcript.history(window.chat.conversation_id)
    assert not any("4711" in each.message.text for each in stored)


def test_stop_ends_a_waiting_card(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = windows(READ, "never said")
    window.app.folders.grant(folder)
    card = asked_card(qtbot, window)
    began = time.monotonic()
    window.chat.stop()
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert time.monotonic() - began < 1.0
    assert card.state in ("refused", "failed")


def test_a_card_seen_again_still_asks(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = windows(READ, "Done.")
    window.app.folders.grant(folder)
    asked_card(qtbot, window)
    chat = window.chat.conversation_id
    window.new_chat()
    window.chat.open(chat)
    qtbot.waitUntil(lambda: len(window.panel.transcript.views) == 1)
    (card,) = window.panel.transcript.views[0].answer.cards.values()
    press(qtbot, card, "once")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert card.state == "done"


def asking(
    qtbot: QtBot,
    effect: Effect = "read",
    arguments: dict[str, object] | None = None,
    **request: object,
) -> ToolCard:
    """Return a card that asks, on its own."""
    call = ToolCall("1", "read_file", {"path": "a.txt"} if arguments is None else arguments)
    card = ToolCard(call)
    qtbot.addWidget(card)
    card.ask(ApprovalRequest(call, "digest", effect, **request))
    card.resize(600, 400)
    card.show()
    return card


def test_clicks_that_come_at_once_are_not_meant(qtbot: QtBot) -> None:
    card = asking(qtbot)
    decisions: list[str] = []
    card.decided.connect(decisions.append)
    approval = card.approval
    for _ in range(2):
        approval.buttons["once"].click()
    assert decisions == []
    approval.shown_at -= approval_view.GUARD_SECONDS
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, autorep=True)
    QApplication.sendEvent(approval.deny_button, held)
    assert decisions == []
    qtbot.keyClick(approval.deny_button, Qt.Key.Key_Return)
    assert decisions == ["deny"]
    assert card.approval is None, "a second click finds nothing to press"


def test_arguments_cannot_hide_anything(qtbot: QtBot) -> None:
    card = asking(qtbot, arguments={"path": "a\u202etxt.exe\n\u200b"})
    views = [view.toPlainText() for view in card.approval.findChildren(TextView)]
    assert views == ["a\\u202etxt.exe\\u000a\\u200b"]


def test_two_hundred_empty_lines_hide_no_tail(qtbot: QtBot) -> None:
    card = asking(qtbot, arguments={"text": "harmless" + "\n" * 200 + "rm -rf \u202eharmful"})
    (text,) = card.findChildren(LongText)
    assert text.view.toPlainText().endswith("rm -rf \\u202eharmful")
    most = (LINES + 3) * text.view.fontMetrics().lineSpacing()
    qtbot.waitUntil(lambda: text.view.height() < most)  # the buttons stay near
    assert text.foot.end.toPlainText() == "201 lines, ending with: rm -rf \\u202eharmful"
    text.foot.button.click()
    qtbot.waitUntil(lambda: text.view.verticalScrollBar().maximum() == 0)


def test_a_long_argument_is_there_to_its_end(qtbot: QtBot) -> None:
    card = asking(qtbot, arguments={"url": "https://example.org/?" + "q" * 5_000 + "SECRET"})
    (text,) = card.findChildren(LongText)
    assert text.view.toPlainText().endswith("qSECRET")
    layout = text.view.document().firstBlock().layout
    widest = lambda: max(layout().lineAt(line).naturalTextWidth() for line in range(layout().lineCount()))  # noqa: E731
    qtbot.waitUntil(lambda: 0 < widest() <= text.view.viewport().width())
    text.view.setFocus()
    qtbot.keyClick(text.view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    bar = text.view.verticalScrollBar()
    assert bar.value() == bar.maximum()


def test_nothing_that_cannot_be_broken_widens_the_card(qtbot: QtBot) -> None:
    card = asking(qtbot, "act", {"url": "x" * 5_000, "y" * 300: "z" * 300}, risk="r" * 300)
    card.resize(340, 600)
    assert card.minimumSizeHint().width() <= 340


def test_a_name_from_the_model_is_no_markup(qtbot: QtBot) -> None:
    call = ToolCall("1", "<b>x</b>", {"<i>": "<u>y</u>"})
    card = ToolCard(call)
    qtbot.addWidget(card)
    card.ask(ApprovalRequest(call, "digest", "read", risk="<s>z</s>"))
    shown = {view.toPlainText() for view in card.findChildren(TextView)}
    assert {"<b>x</b>", "<u>y</u>", "<s>z</s>"} <= shown
    card.finish(ToolResult("1", "<b>x</b>", "<h1>no</h1>", ok=False))
    assert card.note.toPlainText() == "<h1>no</h1>"
    labels = [label for label in card.findChildren(QLabel) if "<" in label.text()]
    assert len(labels) >= 2
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_the_answers_are_those_on_offer_and_only_reading_has_a_main_one(qtbot: QtBot) -> None:
    asked = asking(qtbot, "read", scopes=("chat", "folder", "always"), folder="/home/me/papers")
    reading = asked.approval
    assert list(reading.buttons) == ["once", "chat", "folder", "always", "deny"]
    assert reading.buttons["once"].property("look") == "primary"
    assert reading.buttons["folder"].toolTip() == "/home/me/papers"
    asked = asking(qtbot, "write", tainted=True)
    writing = asked.approval
    assert list(writing.buttons) == ["once", "deny"]
    assert writing.buttons["once"].property("look") == ""


def test_what_is_unusual_is_said_above_the_buttons(qtbot: QtBot) -> None:
    card = asking(qtbot, "act", tainted=True, risk="It replaces a file that was never read.")
    words = card.findChildren(TextView)[-3:]
    assert [view.toPlainText().split()[0] for view in words] == ["What", "There", "It"]
    top = card.approval.buttons["once"].mapTo(card, card.rect().topLeft()).y()
    assert all(label.mapTo(card, card.rect().topLeft()).y() < top for label in words)


DIFF = "@@ -1,3 +1,3 @@\n Milk\n-Eggs\n+Six eggs\n Bread\n"


def test_a_change_is_shown_as_a_difference_in_both_themes(qtbot: QtBot, theme: Theme) -> None:
    preview = Preview("edit", "Lists/shopping.txt", text=DIFF, added=1, removed=1)
    card = asking(qtbot, "write", {"path": "shopping.txt", "new": "Six eggs"}, preview=preview)
    diff = card.findChild(DiffView)
    for choice in ("light", "dark"):
        theme.choose(choice)
        behind = {}
        block = diff.view.document().begin()
        while block.isValid():
            brush = block.blockFormat().background()
            behind[block.text()[:2]] = brush.color().name() if brush.style() != Qt.BrushStyle.NoBrush else ""
            block = block.next()
        colours = {name: value.lower() for name, value in tokens()[choice].items()}
        assert behind["-E"] == colours["danger_soft"]
        assert behind["+S"] == colours["accent_soft"]
        assert behind[" M"] == ""
    assert {"+1", "−1"} <= {label.text() for label in card.findChildren(QLabel)}
    (exact,) = [button for button in card.findChildren(QPushButton) if "exact" in button.text()]
    shown = [view for view in card.findChildren(TextView) if view.isVisible()]
    assert [view.toPlainText() for view in shown] == ["Lists/shopping.txt"]
    exact.click()
    assert "Six eggs" in [view.toPlainText() for view in card.findChildren(TextView) if view.isVisible()]


def test_where_a_file_goes_is_shown(qtbot: QtBot) -> None:
    card = asking(qtbot, "write", {}, preview=Preview("move", "Old/a\u202e.txt", other="New/a.txt"))
    assert [view.toPlainText() for view in card.approval.findChildren(TextView)] == ["Old/a\\u202e.txt", "New/a.txt"]


def test_what_went_wrong_in_code_keeps_its_lines(qtbot: QtBot) -> None:
    card = ToolCard(ToolCall("1", "run_python", {"code": "1 / 0"}))
    qtbot.addWidget(card)
    text = 'Traceback (most recent call last):\n  File "<code>", line 1\nZeroDivisionError: division by zero'
    card.finish(ToolResult("1", "run_python", text, ok=False))
    assert card.state == "failed"
    assert card._result
    assert card._result.view.toPlainText() == text
    assert card.note.isHidden()


def test_reading_is_not_warned_of_after_text_from_outside(qtbot: QtBot) -> None:
    warned = {
        effect: "from outside" in told(asking(qtbot, effect, tainted=True)) for effect in ("read", "write", "act")
    }
    assert warned == {"read": False, "write": True, "act": True}


def told(card: ToolCard) -> str:
    return " ".join(view.toPlainText() for view in card.findChildren(TextView))
