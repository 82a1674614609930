"""Folders, notices, recalled memories, the status line."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_agent.events import ContextChanged, RecalledMemory, TurnStats
from desktop_agent.messages import Message
from desktop_agent.ui.answer_view import AnswerView
from desktop_agent.ui.buttons import IconButton
from desktop_agent.ui.folders_dialog import FoldersDialog
from desktop_agent.ui.note import Note
from desktop_agent.ui.passphrase_dialog import PassphraseDialog
from desktop_agent.ui.recalled import RecalledView
from desktop_agent.ui.status_line import StatusLine

from .conftest import Windows


def test_a_folder_is_granted_refused_and_revoked(qtbot: QtBot, windows: Windows, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    window = windows()
    window._show_folders()
    dialog = window.findChild(FoldersDialog)
    dialog.grant(str(folder))
    qtbot.waitUntil(lambda: window.panel.composer.folders.text() == "1 folder")
    dialog.grant("/etc")
    qtbot.waitUntil(lambda: dialog.findChild(Note) is not None)
    assert "operating system" in dialog.findChild(Note).label.text()
    (remove,) = [b for b in dialog.findChildren(IconButton) if "Stop sharing" in b.accessibleName()]
    remove.click()
    qtbot.waitUntil(lambda: window.app.folders.list() == [])
    qtbot.waitUntil(lambda: window.panel.composer.folders.text() == "Folders")
    dialog.close()


def test_the_key_file_notice_leads_to_a_passphrase(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    (banner,) = window.notices._shown.values()
    assert banner.isVisible()
    banner.buttons[0].click()
    dialog = window.findChild(PassphraseDialog)
    dialog.first.setText("short")
    dialog.button.click()
    assert "at least 8" in dialog.problem.text()
    dialog.first.setText("long enough")
    dialog.second.setText("something else")
    dialog.button.click()
    assert "not the same" in dialog.problem.text()
    dialog.second.setText("long enough")
    dialog.button.click()
    qtbot.waitUntil(lambda: not banner.isVisible(), timeout=20_000)
    assert window.app.notices == []


def test_what_was_recalled_is_shown_with_its_source(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    chat = window.app.conversations.create("My cat")
    said = window.app.transcript.append(chat.id, Message("user", "my cat is called Schrödinger"))
    windows.close(window)
    memory = RecalledMemory(chat.id, "My cat", said.id, "2026-11-03T10:00:00+00:00", "called Schrödinger", 0.9)
    window = windows("Schrödinger.", recalled=(memory,))
    window.chat.send("What is my cat called?")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    view = window.panel.transcript.views[0].findChild(RecalledView)
    assert view.chips[0].text() == "My cat · 3 Nov 2026"
    view.chips[0].click()
    qtbot.mouseClick(view.card.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.chat.conversation_id == chat.id)
    qtbot.waitUntil(lambda: window.panel.transcript.views[0].question == "my cat is called Schrödinger")


def test_the_status_line_in_numbers(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(1200, 30)
    line.show_context(ContextChanged(1240, 4096))
    assert line.context.text() == "1,240 / 4,096 tokens"
    assert not line.meter.property("full")
    line.show_context(ContextChanged(3900, 4096, left_out=3))
    assert line.meter.property("full")
    assert line.left_out.text() == "3 earlier messages no longer fit"
    line.show_speed(TurnStats(answer_tokens=50, write_seconds=4.0, read_tokens=400, read_seconds=2.0))
    assert line.speed.text() == "12.5 tokens/s writing · 200 tokens/s reading"
    line.show_speed(TurnStats(answer_tokens=50, write_seconds=4.0, cpu_seconds=6.2))
    assert line.speed.text() == "12.5 tokens/s writing · 6.2 s CPU"
    line.show_speed(
        TurnStats(
            answer_tokens=50,
            write_seconds=4.0,
            read_tokens=52,
            reused_tokens=1360,
            first_token_seconds=0.4,
            drafted_tokens=31,
            cpu_seconds=8.1,
            joules=31.4,
        )
    )
    assert line.speed.text() == "12.5 tokens/s writing · ≈ 31 J", "measured energy, not time that stands for it"
    assert line.speed.toolTip().splitlines() == [
        "First word after 0.4 s",
        "52 tokens read, 1,360 known already",
        "50 tokens written, 31 of them guessed ahead",
        "31 J, by the processor's own counter",
        "8.1 s of processor time, all cores together",
    ]
    line.show_speed(None)
    assert not line.speed.text() + line.speed.toolTip()
    line.show_context(None)
    assert not line.meter.isVisibleTo(line)


def test_the_details_of_an_answer_say_what_it_cost_in_a_narrow_window(qtbot: QtBot) -> None:
    view = AnswerView(300)
    qtbot.addWidget(view)
    view.feed("Paris.")
    view.end("complete", stats=TurnStats(answer_tokens=50, write_seconds=4.0, first_token_seconds=0.4, cpu_seconds=8.1))
    view.show()
    (button,) = [b for b in view.findChildren(IconButton) if b.accessibleName() == "How fast this answer was"]
    button.click()
    (label,) = [it for it in view.findChildren(QLabel) if "writing" in it.text()]
    assert label.text() == "12.5 tokens/s writing · first word after 0.4 s · 50 tokens · 8.1 s CPU"
    assert label.isVisible()
    assert view.minimumSizeHint().width() <= 300, "it wraps"


def test_everything_that_can_be_pressed_has_a_name(windows: Windows) -> None:
    window = windows()
    window.models.open(first_run=False)
    nameless = [
        button
        for kind in (IconButton, QPushButton)
        for button in window.findChildren(kind)
        if not (button.accessibleName() or button.text())
    ]
    named_when_they_are_shown = {
        window.panel.status.action,
        window.panel.mark,
        window.snackbar.button,
        window.models.found.more_button,
    }
    assert set(nameless) == named_when_they_are_shown


def test_a_low_window_shows_what_fits_of_the_welcome(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    window.notices.hide()
    window.resize(900, 800)
    welcome = window.panel.welcome
    qtbot.waitUntil(lambda: welcome._icon.isVisible() and all(each.isVisible() for each in welcome._suggestions))
    window.resize(380, 420)
    qtbot.waitUntil(lambda: not any(each.isVisible() for each in (welcome._icon, *welcome._suggestions)))
    title, about = welcome._words
    qtbot.waitUntil(lambda: title.height() >= title.heightForWidth(title.width()))
    assert about.geometry().top() > title.geometry().bottom()
    window.resize(900, 800)
    qtbot.waitUntil(welcome._icon.isVisible)
