"""Pictures of memory around the chat: chips, saved notes, switches, temporary chats, the dialogs of the settings."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop_agent.events import MemorySaved, RecalledMemory
from desktop_agent.messages import SavedMemory
from desktop_agent.ui import translation
from desktop_agent.ui.backups_dialog import BackupsDialog
from desktop_agent.ui.index_dialog import IndexDialog
from desktop_agent.ui.passphrase_dialog import PassphraseDialog
from desktop_agent.ui.question import Question
from desktop_agent.ui.recover_dialog import RecoverDialog
from desktop_agent.ui.recovery_dialog import RecoveryDialog
from desktop_agent.ui.sheet import Sheet
from desktop_agent.ui.theme import Theme

if TYPE_CHECKING:
    from tests.helpers.screenshots import Album, Studio

NOVEMBER = "2026-11-03T10:00:00+00:00"
NOTES = (
    RecalledMemory(
        "cat",
        "My cat",
        "m1",
        NOVEMBER,
        "User: my cat is called Schrödinger, after the physicist. The vet wants to see him on the 12th.\n"
        "Assistant: Noted. I hope that the visit goes well.",
        0.93,
        turn_ids=("m1", "m2"),
    ),
    RecalledMemory("", "", "", NOVEMBER, "I live in Oslo and work from home on Fridays", 0.8, "said", "s1"),
    RecalledMemory("", "", "", NOVEMBER, "我对花生过敏", 0.8, "written", "s2"),
    RecalledMemory("", "", "", NOVEMBER, "Prefers short answers", 0.7, "suggested", "s3"),
    RecalledMemory("trip", "Packing list for two weeks in Norway in the winter", "m3", NOVEMBER, "Wool!", 0.6),
    RecalledMemory("bread", "Sourdough, step by step", "m4", NOVEMBER, "Feed the starter in the evening.", 0.6),
)
SAVED = SavedMemory("s9", "My cat is called Schrödinger", "said", NOVEMBER, NOVEMBER, "m9", "cat", "My cat")


def take(
    album: "Album", application: QApplication, theme: Theme, studio: "Callable[..., AbstractContextManager[Studio]]"
) -> None:
    """Take them all: light and dark, in English and in Chinese, narrow."""
    for language in ("en", "zh_CN"):
        translation.install(application, language)
        for look in ("light", "dark"):
            theme.choose(look)
            name = f"memory-{look}-{language}"
            with studio("Your cat is called **Schrödinger**.", "Yes.", recalled=NOTES) as at:
                at.start()
                _chips(album, at, name)
                _switches(album, at, name)
                _temporary(album, at, name)
            with studio() as at:
                at.start()
                _dialogs(album, at, name)
    theme.choose("light")
    translation.install(application, "en")


def _chips(album: "Album", at: "Studio", name: str) -> None:
    at.ask("What is my cat called?")
    answer = at.window.panel.transcript.views[0].answer
    row = answer.findChild(object, "recalled")
    row.chips[0].click()
    album.take(at.window, f"{name}-chips")
    row.card.fix_button.click()
    album.take(at.window, f"{name}-fix")
    row.card.show_mode("confirming")
    row.show_fate(NOTES[1], "fixed", NOTES[1])
    row.show_fate(NOTES[2], "forgotten", NOTES[2])
    row.show_fate(NOTES[3], "dismissed", NOTES[3])
    row.chips[0].setChecked(True)
    row.card.show_mode("confirming")
    at.window.resize(520, 780)
    album.take(at.window, f"{name}-narrow")
    at.window.resize(1180, 800)
    at.ask("Remember: my cat is called Schrödinger")
    at.window.panel.transcript.views[1].show_event(MemorySaved(SAVED))
    at.window.remembering.notes.tell(MemorySaved(SAVED))
    album.take(at.window, f"{name}-saved")


def _switches(album: "Album", at: "Studio", name: str) -> None:
    at.window.remembering.chat.switch(at.window.chat.conversation_id, "saves", False)
    from tests.helpers.screenshots import settle

    settle(0.5)
    at.window.panel.menu.popup(at.window.mapToGlobal(at.window.rect().center()))
    settle()
    album.take(at.window.panel.menu, f"{name}-menu")
    at.window.panel.menu.hide()
    album.take(at.window, f"{name}-not-remembered")
    at.window.chats._ask_about(at.window.chat.conversation_id, 3)
    settle()
    (question,) = at.window.findChildren(Question)
    album.take(question, f"{name}-delete")
    question.reject()


def _temporary(album: "Album", at: "Studio", name: str) -> None:
    from tests.helpers.screenshots import settle

    at.window.new_temporary_chat()
    settle(0.5)
    album.take(at.window, f"{name}-temporary")
    at.window.panel.composer.write("Something private")
    at.window.new_chat()
    settle()
    (question,) = [each for each in at.window.findChildren(Question) if each.isVisible()]
    album.take(question, f"{name}-temporary-close")
    question.reject()


def _dialogs(album: "Album", at: "Studio", name: str) -> None:
    from tests.helpers.screenshots import settle, until

    def show(dialog: Sheet, what: str) -> None:
        dialog.show()
        settle(0.4)
        album.take(dialog, f"{name}-{what}")

    app, background, window = at.app, at.window.background, at.window
    recovery = RecoveryDialog(app.paths, background, window)
    show(recovery, "recovery")
    recovery.make_button.click()
    until(lambda: hasattr(recovery, "grid"))
    show(recovery, "recovery-words")
    recovery.written_button.click()
    show(recovery, "recovery-quiz")
    recovery.close()
    check = RecoveryDialog(app.paths, background, window)
    show(check, "recovery-again")
    check.check()
    show(check, "recovery-check")
    check.close()
    app.desk.backup_now()
    backups = BackupsDialog(app, background, window)
    show(backups, "backups")
    backups.close()
    index = IndexDialog(app, background, window)
    index.elsewhere.click()
    show(index, "index")
    index.close()
    locked = PassphraseDialog(twice=False, parent=window)
    show(locked, "locked")
    recover = RecoverDialog(app.paths, background, locked)
    show(recover, "recover")
    recover.close()
    locked.close()
