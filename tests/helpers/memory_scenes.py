"""Pictures of the Memory page: every part, both themes, Chinese, narrow, empty and with hundreds of memories."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop_agent.messages import Message
from desktop_agent.ui import translation
from desktop_agent.ui.forget_dialog import ForgetDialog
from desktop_agent.ui.memory_page import FOUND, SAVED, STORED, SUGGESTED
from desktop_agent.ui.theme import Theme

if TYPE_CHECKING:
    from tests.helpers.screenshots import Album, Studio

PARTS = {SAVED: "saved", FOUND: "found", SUGGESTED: "suggestions", STORED: "storage"}
SAID = (
    ("Letter to the landlord", "The heating in the kitchen has been broken since Monday, can you write to Mr Brandt?"),
    ("Letter to the landlord", "Mr Brandt's number is 0341 555 12, he comes on Tuesdays."),
    ("My cat", "Remember that my cat is called Schrödinger and needs her tablets at eight."),
    ("Moving house", "We are moving from Dresden to Leipzig, to Südvorstadt."),
    ("晚饭吃什么", "记住我对花生过敏，点菜的时候请一定要提醒我。"),
    ("Letter to the school", "Ida is six now, she starts school this August, so we need the after-school care."),
)
SUGGESTIONS = ((5, "Has a daughter, Ida, who starts school in August."), (3, "Moved from Dresden to Leipzig."))
LONG = "The heating in the kitchen was repaired by Mr Brandt, who wants to be called before nine. " * 8


def take(
    album: "Album", application: QApplication, theme: Theme, studio: Callable[..., "AbstractContextManager[Studio]"]
) -> None:
    """Take them all."""
    for language in ("en", "zh_CN"):
        translation.install(application, language)
        for look in ("light", "dark"):
            theme.choose(look)
            with studio() as at:
                at.start()
                _fill(at)
                _tour(album, at, f"page-{look}-{language}")
    theme.choose("light")
    translation.install(application, "en")
    with studio() as at:
        at.start()
        _empty(album, at)
        _many(album, at)


def _fill(at: "Studio") -> None:
    """Put chats, memories of every kind and suggestions into the home."""
    store = at.app.desk.store
    chats = {title: at.app.conversations.create(title).id for title, _ in SAID}
    messages = [at.app.transcript.append(chats[title], Message("user", text)) for title, text in SAID]
    dresden = store.saved.add("I live in Dresden", "said", message_id=messages[3].id)
    leipzig = store.saved.add("I live in Leipzig, in Südvorstadt", "said", message_id=messages[3].id)
    store.saved.replace(dresden.id, leipzig.id)
    store.saved.add(LONG + "https://example.org/" + "a" * 90, "written")
    old = (datetime.now(UTC) - timedelta(days=40)).date().isoformat()
    store.saved.add("Project Aurora ships in March", "suggested", message_id=messages[1].id, valid_until=old)
    store.saved.add("Answers in metric units, please", "written", valid_until="2030-12-31")
    store.saved.add("我对花生过敏，点菜的时候请一定要提醒我", "said", message_id=messages[4].id)
    cat = "My cat is called Schrödinger and needs her tablets at eight"
    store.saved.add(cat, "said", message_id=messages[2].id, pinned=True)
    for number, text in SUGGESTIONS:
        store.suggestions.add(text, messages[number].id)
    at.window.chats.refresh()


def _tour(album: "Album", at: "Studio", name: str) -> None:
    from tests.helpers.screenshots import settle, until

    page = at.window.memory
    at.window.show_memory()
    until(lambda: len(page.saved.shelf.cards) == 7)
    settle(0.5)
    album.take(at.window, f"{name}-saved")
    _changing(album, at, name)
    for part in (FOUND, SUGGESTED, STORED):
        page.tabs.setCurrentIndex(part)
        page.filters.search.setText("heating")
        settle(0.7)
        album.take(at.window, f"{name}-{PARTS[part]}")
    page.filters.clear()
    page.tabs.setCurrentIndex(SAVED)
    page.forget_about("Brandt")
    settle(0.7)
    dialog = at.window.findChild(ForgetDialog)
    album.take(dialog, f"{name}-forget")
    dialog.reject()
    at.window.resize(420, 760)
    for part, called in PARTS.items():
        page.tabs.setCurrentIndex(part)
        settle(0.5)
        album.take(at.window, f"{name}-narrow-{called}")
    at.window.resize(1180, 800)


def _changing(album: "Album", at: "Studio", name: str) -> None:
    from tests.helpers.screenshots import settle

    saved, page = at.window.memory.saved, at.window.memory
    cards = list(saved.shelf.cards.values())
    saved.write()
    cards[0].edit_button.click()
    cards[1].forget_button.click()
    album.take(at.window, f"{name}-changing")
    saved.writer.cancelled.emit()
    for card in cards[:2]:
        card.leave()
    page.filters.select.click()
    for card in cards[-2:]:
        card.tick.click()
    saved.selection.merge.click()
    page.pause.click()
    settle()
    album.take(at.window, f"{name}-merge")
    page.filters.select.click()
    page.pause.click()
    settle()


def _empty(album: "Album", at: "Studio") -> None:
    from tests.helpers.screenshots import settle

    at.window.show_memory()
    for part, called in PARTS.items():
        at.window.memory.tabs.setCurrentIndex(part)
        settle(0.5)
        album.take(at.window, f"page-empty-{called}")


def _many(album: "Album", at: "Studio") -> None:
    from tests.helpers.screenshots import settle

    store = at.app.desk.store
    for number in range(500):
        store.saved.add(f"Fact number {number} about the project and its people", "written")
    at.window.memory.tabs.setCurrentIndex(SAVED)
    at.window.show_memory()
    settle(1.0)
    bar = at.window.memory.saved.shelf.verticalScrollBar()
    for _ in range(6):
        bar.setValue(bar.maximum())
        settle(0.2)
    album.take(at.window, "page-many")
