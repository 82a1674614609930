"""The Memory page over the real desk: list, search, filter, edit, pin, end, merge, forget, suggestions, storage."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_agent.app import App
from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message
from desktop_agent.storage.transcript import StoredMessage
from desktop_agent.ui.memory_calendar import DayPopup
from desktop_agent.ui.memory_card import MemoryCard
from desktop_agent.ui.memory_filters import bounds
from desktop_agent.ui.memory_marks import marked
from desktop_agent.ui.memory_page import FOUND, SAVED, STORED, SUGGESTED, MemoryPage
from desktop_agent.ui.memory_storage import Storage
from desktop_agent.ui.theme import Theme
from desktop_agent.ui.window import MainWindow

from .conftest import Windows


@dataclass
class Visit:
    """The page of one window, in sight."""

    window: MainWindow
    page: MemoryPage
    qtbot: QtBot

    def say(self, text: str, title: str = "A chat") -> StoredMessage:
        """Put a message of the user's into a new chat."""
        chat = self.window.app.conversations.create(title)
        return self.window.app.transcript.append(chat.id, Message("user", text))

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=10_000)

    def show(self, part: int = SAVED) -> None:
        """Show the page as memory is now."""
        self.page.tabs.setCurrentIndex(part)
        self.window.show_memory()

    def texts(self) -> list[str]:
        return [card.memory.text for card in self.cards()]

    def cards(self) -> list[MemoryCard]:
        return list(self.page.saved.shelf.cards.values())

    def card(self, text: str) -> MemoryCard:
        self.until(lambda: text in self.texts())
        return next(card for card in self.cards() if card.memory.text == text)

    def wait_for(self, *texts: str) -> None:
        self.until(lambda: sorted(self.texts()) == sorted(texts))

    def key(self, widget: QWidget, key: Qt.Key) -> None:
        self.qtbot.keyClick(widget, key)


@pytest.fixture
def visit(qtbot: QtBot, windows: Windows) -> Visit:
    window = windows()
    window.resize(1000, 760)
    return Visit(window, window.memory, qtbot)


def test_an_empty_page_says_how_to_begin(visit: Visit) -> None:
    visit.window.sidebar.memory.click()
    blank = visit.page.saved.shelf.blank
    visit.until(lambda: "Remember that" in blank.about.text())
    assert blank.isVisible()
    visit.page.tabs.setCurrentIndex(FOUND)
    assert "Type some words" in visit.page.found.shelf.blank.about.text()
    visit.page.tabs.setCurrentIndex(SUGGESTED)
    visit.until(lambda: "idle" in visit.page.suggestions.shelf.blank.about.text())


def test_a_memory_is_written_and_taken_back(visit: Visit) -> None:
    visit.show()
    visit.page.filters.add.click()
    writer = visit.page.saved.writer
    assert not writer.button.isEnabled()
    writer.edit.setPlainText("Answers in metric units")
    writer.pin.setChecked(True)
    visit.key(writer.edit, Qt.Key.Key_Return)
    card = visit.card("Answers in metric units")
    assert card.pin_mark.isVisibleTo(card)
    assert card.origin.text() == "Written by you"
    assert not writer.isVisible()
    visit.window.snackbar.button.click()
    visit.wait_for()


def test_what_is_known_is_not_taken_back_with_a_second_writing(visit: Visit) -> None:
    visit.window.app.desk.add("Answers in metric units")
    visit.show()
    visit.page.filters.add.click()
    visit.page.saved.writer.edit.setPlainText("answers in METRIC units")
    visit.page.saved.writer.button.click()
    visit.until(lambda: "already" in visit.window.snackbar.label.text())
    assert not visit.window.snackbar.button.isVisible()


def test_what_cannot_be_kept_stays_in_the_field(visit: Visit) -> None:
    visit.show()
    visit.page.filters.add.click()
    writer = visit.page.saved.writer
    writer.edit.setPlainText("…!?")
    writer.button.click()
    visit.until(lambda: "no words" in writer.problem.text())
    assert writer.edit.toPlainText() == "…!?"
    assert writer.button.isEnabled()


def test_a_memory_is_edited_in_place(visit: Visit) -> None:
    visit.window.app.desk.add("My cat is called Tom")
    visit.show()
    card = visit.card("My cat is called Tom")
    card.edit_button.click()
    assert card.editor.edit.toPlainText() == "My cat is called Tom"
    card.editor.edit.setPlainText("something else")
    visit.key(card.editor.edit, Qt.Key.Key_Escape)
    assert card.mode == "reading"
    assert visit.page.isVisible()  # Esc was the editor's
    card.edit_button.click()
    card.editor.edit.setPlainText("My cat is called Schrödinger")
    card.editor.button.click()
    assert visit.card("My cat is called Schrödinger") is card
    assert card.mode == "reading"


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)  # a popup, off screen
def test_a_memory_is_pinned_and_gets_an_end(visit: Visit) -> None:
    visit.window.app.desk.add("The budget is 40,000")
    visit.show()
    card = visit.card("The budget is 40,000")
    card.pin_button.click()
    visit.until(card.pin_mark.isVisible)
    card.end_button.click()
    popup = card.findChild(DayPopup)
    last = QDate.currentDate().addMonths(1)
    popup.calendar.setSelectedDate(last)
    popup.button.click()
    visit.until(card.end_mark.isVisible)
    assert card.end_mark.text().startswith("Valid until")
    saved = visit.window.app.desk.get(card.memory.id)
    assert (saved.pinned, saved.valid_until) == (True, last.toString(Qt.DateFormat.ISODate))
    card.end_button.click()
    card.findChildren(DayPopup)[-1].none.click()
    visit.until(card.end_mark.isHidden)
    visit.window.app.desk.set_end(card.memory.id, "2020-01-31")
    visit.page.refresh()
    visit.until(lambda: card.end_mark.text() == "Ended 31 Jan 2020")
    assert card.text.view.property("look") == "past"


def test_the_list_is_searched_and_filtered(visit: Visit) -> None:
    desk, store = visit.window.app.desk, visit.window.app.desk.store
    desk.add("I live in Leipzig")
    store.saved.add("我对花生过敏", "said")
    store.database.execute(
        "UPDATE saved_memories SET created_at = '2020-05-05T00:00:00.000000+00:00' WHERE origin = 'said'"
    )
    visit.show()
    visit.wait_for("I live in Leipzig", "我对花生过敏")
    visit.page.filters.search.setText("花生")
    visit.wait_for("我对花生过敏")
    assert "<b>" not in visit.texts()[0]
    visit.page.filters.search.clear()
    visit.page.filters.origin.choose("written")
    visit.wait_for("I live in Leipzig")
    visit.page.filters.origin.choose("")
    visit.page.filters.span.choose("before")
    visit.wait_for("我对花生过敏")
    visit.page.filters.span.choose("week")
    visit.wait_for("I live in Leipzig")
    visit.page.filters.search.setText("nothing like it")
    visit.until(lambda: visit.page.saved.shelf.blank.title.text() == "No saved memory fits")


@pytest.mark.parametrize(
    ("span", "days"),
    [
        ("", ("", "")),
        ("week", ("2026-11-16", "")),
        ("month", ("2026-10-24", "")),
        ("year", ("2026-01-01", "")),
        ("before", ("", "2025-12-31")),
    ],
)
def test_spans_are_days(span: str, days: tuple[str, str]) -> None:
    assert bounds(span, date(2026, 11, 22)) == days


def test_several_are_merged_and_what_they_were_is_shown_as_replaced(visit: Visit) -> None:
    for text in ("I live in Dresden", "I live in Leipzig", "I like tea"):
        visit.window.app.desk.add(text)
    visit.show()
    visit.card("I like tea")
    visit.page.filters.select.click()
    selection = visit.page.saved.selection
    assert selection.isVisible()
    visit.card("I live in Dresden").tick.click()
    assert not selection.merge.isEnabled()
    visit.card("I live in Leipzig").tick.click()
    assert selection.count.text() == "2 selected"
    selection.merge.click()
    assert selection.editor.edit.toPlainText() == "I live in Leipzig\nI live in Dresden"
    selection.editor.edit.setPlainText("I moved from Dresden to Leipzig")
    selection.editor.button.click()
    visit.card("I moved from Dresden to Leipzig")
    old = visit.card("I live in Dresden")
    visit.until(old.replacement.isVisible)
    assert "I moved from Dresden to Leipzig" in old.replacement.text()
    assert not old.pin_button.isVisible()
    assert not selection.isVisible()


def test_several_are_forgotten_after_one_question(visit: Visit) -> None:
    for text in ("one thing", "another thing", "the third"):
        visit.window.app.desk.add(text)
    visit.show()
    visit.card("the third")
    visit.page.filters.select.click()
    visit.card("one thing").tick.click()
    visit.card("the third").tick.click()
    selection = visit.page.saved.selection
    selection.forget.click()
    visit.key(selection.confirm.cancel, Qt.Key.Key_Escape)
    assert selection.confirm.isHidden()
    selection.forget.click()
    selection.confirm.button.click()
    visit.wait_for("another thing")


def test_a_memory_is_forgotten_with_its_message(visit: Visit) -> None:
    said = visit.say("Remember that my locker is number 4711", "Gym")
    visit.window.app.desk.store.saved.add("My locker is number 4711", "said", message_id=said.id)
    visit.show()
    card = visit.card("My locker is number 4711")
    card.forget_button.click()
    assert "Gym" in card.confirm.box.text()
    card.confirm.cancel.click()
    assert visit.window.app.desk.get(card.memory.id)
    card.forget_button.click()
    card.confirm.button.click()
    visit.wait_for()
    assert visit.window.focusWidget() is visit.page.saved.shelf
    (message,) = visit.window.app.transcript.history(said.conversation_id)
    assert message.message.text == ""
    assert visit.window.snackbar.label.text() == "Forgotten for good."
    assert not visit.window.snackbar.button.isVisible()


def test_the_message_stays_when_its_box_is_not_ticked(visit: Visit) -> None:
    said = visit.say("Remember that my locker is number 4711")
    visit.window.app.desk.store.saved.add("My locker is blue", "said", message_id=said.id)
    visit.show()
    card = visit.card("My locker is blue")
    card.forget_button.click()
    card.confirm.box.click()
    card.confirm.button.click()
    visit.wait_for()
    (message,) = visit.window.app.transcript.history(said.conversation_id)
    assert "4711" in message.message.text


def test_a_memory_leads_to_its_message(visit: Visit) -> None:
    said = visit.say("Remember that my cat is called Schrödinger")
    visit.window.app.desk.store.saved.add("My cat is called Schrödinger", "said", message_id=said.id)
    visit.window.app.desk.add("Written, not said")
    visit.show()
    assert not visit.card("Written, not said").source.isVisible()
    visit.card("My cat is called Schrödinger").source.click()
    visit.until(lambda: visit.window.chat.conversation_id == said.conversation_id)
    visit.until(visit.window.panel.isVisible)


def test_hundreds_are_made_as_they_come_into_sight(visit: Visit) -> None:
    for number in range(150):
        visit.window.app.desk.store.saved.add(f"Fact number {number} about the project", "written")
    visit.show()
    visit.until(lambda: bool(visit.cards()))
    visit.qtbot.wait(200)
    assert len(visit.cards()) < 60
    bar = visit.page.saved.shelf.verticalScrollBar()

    def is_at_the_end() -> bool:
        bar.setValue(bar.maximum())
        return "Fact number 0 about the project" in visit.texts()

    visit.qtbot.waitUntil(is_at_the_end, timeout=60_000)
    assert len(visit.cards()) == 150
    visit.page.filters.search.setText("number 123")
    visit.wait_for("Fact number 123 about the project")


def test_a_memory_far_down_is_shown_on_demand(visit: Visit) -> None:
    first = visit.window.app.desk.add("The oldest of all")
    for number in range(80):
        visit.window.app.desk.store.saved.add(f"Fact number {number} about the project", "written")
    visit.page.filters.search.setText("project")
    visit.window.show_memory(first.id)
    card = visit.card("The oldest of all")
    visit.until(lambda: not card.visibleRegion().isEmpty())


def test_memory_is_paused_and_goes_on(visit: Visit) -> None:
    visit.show()
    visit.page.pause.click()
    visit.until(visit.page.banner.isVisible)
    assert visit.window.app.desk.paused
    visit.page.banner.findChild(QWidget, "resume").click()
    visit.until(visit.page.banner.isHidden)
    assert not visit.window.app.desk.paused
    assert not visit.page.pause.isChecked()


def test_chats_are_searched_opened_and_forgotten(visit: Visit) -> None:
    said = visit.say("The heating engineer is Mr Brandt, 0341 55512", "Letter to the landlord")
    visit.say("Sourdough needs time", "Bread")
    visit.show(FOUND)
    visit.page.filters.search.setText("heating engineer")
    found = visit.page.found
    visit.until(lambda: len(found.shelf.cards) == 1)
    (card,) = found.shelf.cards.values()
    assert "<b" not in card.text.view.toPlainText()
    assert "font-weight" in card.text.view.toHtml()
    card.open_button.click()
    visit.until(lambda: visit.window.chat.conversation_id == said.conversation_id)
    visit.show(FOUND)
    visit.until(lambda: len(found.shelf.cards) == 1)
    (card,) = found.shelf.cards.values()
    card.forget_button.click()
    card.confirm.button.click()
    visit.until(lambda: found.shelf.blank.title.text() == "Nothing was found")
    assert visit.window.app.desk.find("Brandt") == []


def test_suggestions_are_accepted_changed_and_rejected(visit: Visit) -> None:
    said = visit.say("Ida is six now, she starts school in August", "Letter to the school")
    for text in ("Has a daughter, Ida", "Ida starts school in August", "Ida is six"):
        visit.window.app.desk.store.suggestions.add(text, said.id)
    visit.show(SUGGESTED)
    tray = visit.page.suggestions
    visit.until(lambda: visit.page.tabs.tabText(SUGGESTED) == "Suggestions (3)")
    assert visit.window.sidebar.memory.text() == "Memory (3)"
    cards = {card.suggestion.text: card for card in tray.shelf.cards.values()}
    cards["Has a daughter, Ida"].accept_button.click()
    visit.until(lambda: len(tray.shelf.cards) == 2)
    cards["Ida is six"].reject_button.setFocus()
    cards["Ida is six"].reject_button.click()
    visit.until(lambda: len(tray.shelf.cards) == 1)
    assert visit.window.focusWidget() is tray.shelf
    last = cards["Ida starts school in August"]
    last.edit_button.click()
    last.editor.edit.setPlainText("Ida starts school in August 2027")
    last.editor.button.click()
    visit.until(lambda: visit.page.tabs.tabText(SUGGESTED) == "Suggestions")
    assert visit.window.sidebar.memory.text() == "Memory"
    kept = {each.text: each.origin for each in visit.window.app.desk.saved()}
    assert kept == {"Has a daughter, Ida": "suggested", "Ida starts school in August 2027": "suggested"}
    assert visit.window.app.desk.store.suggestions.add("Ida is six", said.id) is None


def test_what_is_stored_where(visit: Visit) -> None:
    for text in ("One thing", "Another thing"):
        visit.say(f"{text} was said")
        visit.window.app.desk.add(f"{text} was saved")
    visit.show(STORED)
    visit.until(lambda: visit.page.storage.findChild(Storage) is not None)
    storage = visit.page.storage.findChild(Storage)
    assert storage.words.about.text() == "2 messages from your chats · 2 saved memories · 0 suggestions"
    assert storage.database.where.full_text == str(visit.window.app.paths.database)
    assert storage.database.size_label.text()
    assert "by their words" in storage.index.about.text()
    assert "file" in storage.key.about.text()


def test_the_index_is_rebuilt(visit: Visit, embedder_path: Path) -> None:
    assert embedder_path.exists()
    for text in ("I live in Leipzig", "我对花生过敏"):
        visit.window.app.desk.add(text)
    App.open_memory(visit.window.app)
    visit.until(lambda: visit.window.app.desk.stats().indexed == 2)
    visit.show(STORED)
    visit.until(lambda: visit.page.storage.findChild(Storage) is not None)
    storage = visit.page.storage.findChild(Storage)
    assert "2 of 2 are indexed, with multilingual-e5-small" in storage.index.about.text()
    assert storage.index.where.full_text == str(visit.window.app.paths.index)
    visit.until(storage.rebuild.isEnabled)  # the index may still be at work
    storage.rebuild.click()
    visit.until(lambda: "being made again" in visit.window.snackbar.label.text())
    visit.until(lambda: storage.rebuild.isEnabled() and storage.rebuild.text() == "Rebuild index")
    assert visit.window.app.desk.stats().indexed == 2


class BrokenDesk:
    """Cannot do anything, and says so; `paused` can still be asked."""

    paused = False

    def __getattr__(self, name: str) -> Callable[..., None]:
        def fail(*_args: object, **_how: object) -> None:
            raise UserFacingError("The disk is full.", "Make room.")

        return fail


def test_failures_are_said_in_place_and_can_be_tried_again(visit: Visit) -> None:
    visit.window.app.desk.add("I like tea")
    visit.show()
    card = visit.card("I like tea")
    desk, visit.window.app.desk = visit.window.app.desk, BrokenDesk()
    card.edit_button.click()
    card.editor.edit.setPlainText("I like coffee")
    card.editor.button.click()
    visit.until(lambda: card.editor.problem.text() == "The disk is full. Make room.")
    assert card.editor.edit.toPlainText() == "I like coffee"
    card.leave()
    card.pin_button.click()
    note = lambda: visit.page.saved.shelf.note  # noqa: E731
    visit.until(lambda: note() is not None and "disk is full" in note().label.text())
    for part, section in ((SUGGESTED, visit.page.suggestions), (STORED, visit.page.storage)):
        visit.page.tabs.setCurrentIndex(part)
        visit.until(lambda section=section: section.shelf.note is not None)
    visit.window.app.desk = desk
    visit.page.tabs.setCurrentIndex(SAVED)
    visit.until(lambda: note() is None)
    assert visit.texts() == ["I like tea"]


class SlowDesk:
    """Answers the first question last."""

    paused = False

    def __init__(self) -> None:
        self.may_answer = threading.Event()

    def suggestions(self) -> list[object]:
        return []

    def saved(self, *_wanted: str) -> list[object]:
        return []

    def search(self, words: str, _count: int) -> list[object]:
        if words == "first":
            self.may_answer.wait(5)
            raise UserFacingError("Too late.")
        return []


def test_only_the_last_search_counts(visit: Visit) -> None:
    visit.show(FOUND)
    desk, visit.window.app.desk = visit.window.app.desk, SlowDesk()
    slow = visit.window.app.desk
    visit.page.filters.search.setText("first")
    visit.qtbot.wait(300)
    visit.page.filters.search.setText("second")
    visit.until(lambda: visit.page.found.shelf.blank.title.text() == "Nothing was found")
    slow.may_answer.set()
    visit.qtbot.wait(100)
    assert visit.page.found.shelf.note is None
    visit.window.app.desk = desk


def test_the_keyboard_leads_into_the_page_and_out(visit: Visit) -> None:
    visit.show()
    visit.window.panel.setFocus()
    visit.qtbot.keyClick(visit.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert visit.window.focusWidget() is visit.page.filters.search
    visit.key(visit.page.filters.search, Qt.Key.Key_Escape)
    visit.until(visit.window.panel.isVisible)


@pytest.mark.parametrize("theme_name", ["light", "dark"])
def test_a_narrow_window_holds_everything(visit: Visit, theme: Theme, theme_name: str) -> None:
    theme.choose(theme_name)
    said = visit.say("x " + "https://example.org/" + "a" * 300, "标题" * 40)
    visit.window.app.desk.store.saved.add("a" * 400 + "很长的记忆" * 90, "said", message_id=said.id, pinned=True)
    visit.window.app.desk.store.suggestions.add("b" * 400, said.id)
    visit.window.resize(420, 700)
    visit.show()
    visit.until(lambda: bool(visit.cards()))
    visit.page.saved.write()
    visit.page.filters.select.click()
    visit.cards()[0].forget_button.click()
    for part in (SAVED, FOUND, SUGGESTED, STORED):
        visit.page.tabs.setCurrentIndex(part)
        visit.qtbot.wait(150)
        assert visit.window.width() == 420
        shelf = visit.page._pages.currentWidget().shelf
        assert shelf.widget().width() <= shelf.viewport().width()
        assert not visit.window.grab().isNull()


def test_words_are_marked_and_nothing_is_markup() -> None:
    assert "<b>Cat</b>" in marked("My Cat", "cat")
    assert "&lt;b&gt;x&lt;/b&gt;" in marked("<b>x</b>", "")
    assert "&lt;<b>img</b> src=1&gt;" in marked("<img src=1>", "IMG")
    assert marked("the broken heating", "heating broken").count("<b>") == 2
    assert marked("花生过敏", "花生").count("<b>花生</b>") == 1
    assert "<b>" not in marked("a+b", "c+d")
