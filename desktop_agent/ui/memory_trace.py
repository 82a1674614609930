"""One thing that a search for forgetting has found."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_agent.events import RecalledMemory
from desktop_agent.ui import formats
from desktop_agent.ui.buttons import set_look
from desktop_agent.ui.elided_label import ElidedLabel
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.memory_box import Box
from desktop_agent.ui.memory_marks import marked
from desktop_agent.ui.memory_words import chat_title, short
from desktop_agent.ui.speakers import spoken
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.desk import Item
    from desktop_agent.storage.forgetting import Found

translate = QCoreApplication.translate
ICONS = {
    "message": "quote",
    "memory": "bookmark",
    "suggestion": "sparkle",
    "title": "title",
    "note": "note",
    "reminder": "bell",
    "copy": "undo",
}
LONGEST = 360


@dataclass(frozen=True)
class Trace:
    """What goes when it is ticked. `is_literal` says that it has the very words."""

    items: "tuple[Item, ...]"
    title: str
    date: str
    text: str
    words: str
    is_literal: bool = True

    @property
    def kind(self) -> str:
        """Message, memory, suggestion, title, note, reminder, or copy for undoing a change."""
        return self.items[0][0]


def traces(found: "Iterable[Found]", related: Iterable[RecalledMemory], words: str) -> list[Trace]:
    """Return what has the words, then what means something like them or was said beside them."""
    literal = [Trace(((each.kind, each.id),), each.conversation_title, each.date, each.text, words) for each in found]
    known = {item for trace in literal for item in trace.items}
    return literal + [
        Trace(items, each.conversation_title, each.date, spoken(each.text), words, is_literal=False)
        for each in related
        if (items := _items(each)) and not known & set(items)
    ]


def _items(memory: RecalledMemory) -> "tuple[Item, ...]":
    if memory.memory_id:
        return (("memory", memory.memory_id),)
    return tuple(("message", turn) for turn in memory.turn_ids or (memory.message_id,))


class TraceRow(QFrame):
    """A box to tick, and what it stands for. `ticked` carries whether it is."""

    ticked = Signal(bool)

    def __init__(self, trace: Trace, *, is_ticked: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "trace")
        self.trace = trace
        self.box = Box()
        self.box.setChecked(is_ticked)
        self.box.setAccessibleName(short(trace.text, 160))
        self.box.toggled.connect(self.ticked)
        text = QLabel(marked(_fitting(trace.text), trace.words), wordWrap=True, textFormat=Qt.TextFormat.RichText)
        where = ElidedLabel()
        where.show_text(_where(trace))
        set_look(where, "small")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(text)
        words.addWidget(where)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 12, 8)
        layout.setSpacing(10)
        layout.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(IconLabel(ICONS.get(trace.kind, "quote")), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.box.toggle()


def _fitting(text: str) -> str:
    return visible(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def _where(trace: Trace) -> str:
    kinds = {
        "message": translate("TraceRow", "Message"),
        "memory": translate("TraceRow", "Saved memory"),
        "suggestion": translate("TraceRow", "Suggestion"),
        "title": translate("TraceRow", "Title of a chat"),
        "note": translate("TraceRow", "Note"),
        "reminder": translate("TraceRow", "Reminder"),
        "copy": translate("TraceRow", "Copy for undoing a change"),
    }
    title = chat_title(trace.title) if trace.title or trace.kind == "message" else ""
    date = formats.day(trace.date) if trace.date else ""
    likeness = "" if trace.is_literal else translate("TraceRow", "Related")
    title = "" if trace.kind == "title" else title
    return " · ".join(filter(None, (likeness, kinds.get(trace.kind, ""), title, date)))
