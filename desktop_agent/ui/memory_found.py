"""What was said in the chats, searched."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_agent.events import RecalledMemory
from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.elided_label import ElidedLabel
from desktop_agent.ui.memory_confirm import Confirm
from desktop_agent.ui.memory_filters import Filter
from desktop_agent.ui.memory_frame import MemoryFrame
from desktop_agent.ui.memory_latest import Latest
from desktop_agent.ui.memory_shelf import Shelf
from desktop_agent.ui.memory_text import MemoryText
from desktop_agent.ui.memory_words import chat_title, short
from desktop_agent.ui.sentences import told
from desktop_agent.ui.speakers import spoken

if TYPE_CHECKING:
    from desktop_agent.app import App

COUNT = 50
"""How many of the best hits are looked at."""


class FoundCard(MemoryFrame):
    """A snippet of a chat. `opened` carries the conversation and the message, `forgotten` that the snippet goes."""

    opened = Signal(str, str)
    forgotten = Signal()

    def __init__(self, memory: RecalledMemory, words: str, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self.memory, said = memory, spoken(memory.text)
        self.text = MemoryText()
        self.text.fill(said, words)
        self.confirm = Confirm()
        self.confirm.confirmed.connect(lambda _also: self.forgotten.emit())
        self.confirm.cancelled.connect(self.leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 10, 12)
        layout.setSpacing(8)
        layout.addLayout(self._head(short(said, 40)))
        layout.addWidget(self.text)
        layout.addWidget(self.confirm)
        self.confirm.hide()
        self.setAccessibleName(short(said))

    def _head(self, text: str) -> QHBoxLayout:
        source = ElidedLabel()
        set_look(source, "small")
        title = chat_title(self.memory.conversation_title)
        source.show_text(f"{formats.day(self.memory.date)} · {title}")
        self.open_button = push_button(self.tr("Open in chat"), "link")
        self.open_button.setAccessibleName(f"{self.open_button.text()}: {text}")
        self.open_button.clicked.connect(lambda: self.opened.emit(self.memory.conversation_id, self.memory.message_id))
        self.forget_button = IconButton("trash", self.tr("Forget"))
        self.forget_button.setAccessibleName(self.tr("Forget: {text}").format(text=text))
        self.forget_button.clicked.connect(self._ask)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(source, 1)
        head.addWidget(self.open_button)
        head.addWidget(self.forget_button)
        return head

    def _ask(self) -> None:
        count = max(len(self.memory.turn_ids), 1)
        question = self.tr(
            "Forget these %n messages? They are emptied in the chat, go from the index and the backups, "
            "and cannot come back.",
            "",
            count,
        )
        self.confirm.ask(question)

    @property
    def is_asking(self) -> bool:
        """Whether the question waits."""
        return not self.confirm.isHidden()

    def leave(self) -> None:
        """Forget nothing."""
        self.confirm.hide()
        self.forget_button.setFocus()


class FoundSection(QWidget):
    """`opened` and `said` as in SavedSection; `changed` says that something was forgotten."""

    opened = Signal(str, str)
    said = Signal(str, str, object)
    changed = Signal()

    def __init__(self, app: "App", background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app, self._background = app, background
        self._latest = Latest(background)
        self._filter = Filter()
        self.shelf = Shelf(self._make, "quote", self.tr("Found in your chats"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.shelf)
        self._invite()

    def show_filter(self, wanted: Filter) -> None:
        """Search the chats."""
        self._filter = wanted
        self.refresh()

    def refresh(self) -> None:
        """Search again."""
        wanted = self._filter
        if not wanted.words:
            self._latest.drop()
            self._invite()
            return
        if not self.shelf.cards:
            self.shelf.say(self.tr("Searching…"))
        self._latest.run(
            lambda: self._app.desk.search(wanted.words, COUNT),
            done=lambda found: self._show([each for each in found if _fits(each, wanted)]),
            failed=lambda error: self.shelf.show_failure(told(error), self.tr("Try again"), self.refresh),
            lane="pool",
        )

    def _invite(self) -> None:
        about = self.tr(
            "Type some words above. Everything that you and the assistant said is searched, by meaning too."
        )
        self.shelf.say(self.tr("Search what was said"), about)

    def _show(self, found: list[RecalledMemory]) -> None:
        if found:
            words = self._filter.words
            self.shelf.show_items({f"{each.message_id} {words}": each for each in found}, from_top=True)
        else:
            about = self.tr("Try other words or another time. Chats that are not saved to memory cannot be found.")
            self.shelf.say(self.tr("Nothing was found"), about)

    def _make(self, memory: RecalledMemory) -> FoundCard:
        card = FoundCard(memory, self._filter.words)
        card.opened.connect(self.opened)
        card.forgotten.connect(lambda: self._forget(card))
        return card

    def _forget(self, card: FoundCard) -> None:
        self.shelf.setFocus()  # the card takes the focus with it otherwise
        card.setEnabled(False)
        self._background.run(
            lambda: self._app.desk.forget_recalled(card.memory),
            done=lambda _: self._forgotten(),
            failed=lambda error: self._fail(card, error),
            lane="pool",
        )

    def _forgotten(self) -> None:
        self.said.emit(self.tr("Forgotten for good."), "", None)
        self.refresh()
        self.changed.emit()

    def _fail(self, card: FoundCard, error: Exception) -> None:
        card.setEnabled(True)
        self.shelf.show_failure(told(error), self.tr("Search again"), self.refresh)


def _fits(memory: RecalledMemory, wanted: Filter) -> bool:
    day = formats.local_day(memory.date).isoformat()
    return memory.origin == "chat" and wanted.since <= day and (not wanted.until or day <= wanted.until)
