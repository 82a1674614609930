"""What was recalled for an answer, and where it comes from."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_agent.events import RecalledMemory
from desktop_agent.ui import formats
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.text_view import TextView
from desktop_agent.visible import visible

LONGEST_TITLE = 40


class RecalledView(QWidget):
    """A line that unfolds to the recalled exchanges. `opened` carries a conversation's and a message's id."""

    opened = Signal(str, str)

    def __init__(self, memories: Sequence[RecalledMemory], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recalled")
        self._memories = memories
        self._details: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self.line = IconButton("history", self.tr("Show what was recalled")).show_text(self._summary(), "small")
        self.line.setAccessibleName(self._summary())
        self.line.setCheckable(True)
        self.line.toggled.connect(self._unfold)
        self._layout.addWidget(self.line, 0, Qt.AlignmentFlag.AlignLeft)

    def _summary(self) -> str:
        first = self._memories[0]
        text = self.tr('Recalled from "{title}", {date}').format(title=_title(first), date=formats.day(first.date))
        more = len(self._memories) - 1
        return text + (self.tr(" and %n more", "", more) if more else "")

    def _unfold(self, shown: bool) -> None:
        if self._details is None:
            self._details = self._build_details()
            self._layout.addWidget(self._details)
        self._details.setVisible(shown)

    def _build_details(self) -> QWidget:
        details = QWidget()
        layout = QVBoxLayout(details)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for memory in self._memories:
            layout.addWidget(self._card(memory))
        return details

    def _card(self, memory: RecalledMemory) -> QFrame:
        card = QFrame()
        set_look(card, "sunken")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(14, 10, 10, 10)
        layout.setSpacing(6)
        head = QHBoxLayout()
        title = QLabel(f"{_title(memory)} · {formats.day(memory.date)}", textFormat=Qt.TextFormat.PlainText)
        set_look(title, "small")
        head.addWidget(title)
        head.addStretch()
        button = push_button(self.tr("Open this chat"), "link")
        button.clicked.connect(lambda: self.opened.emit(memory.conversation_id, memory.message_id))
        head.addWidget(button)
        text = TextView("ui")
        text.show_plain(visible(memory.text))
        layout.addLayout(head)
        layout.addWidget(text)
        return card


def _title(memory: RecalledMemory) -> str:
    title = visible(memory.conversation_title, kept="") or QCoreApplication.translate("RecalledView", "Untitled chat")
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


class NotesView(QWidget):
    """What stood before the user's words in an earlier turn's prompt, unfolded on demand."""

    def __init__(self, notes: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        label = self.tr("Notes from earlier chats were used")
        self.line = IconButton("history", label).show_text(label, "small")
        self.line.setCheckable(True)
        self.text = TextView("ui")
        self.text.show_plain(visible(notes))
        box = QFrame(visible=False)
        set_look(box, "sunken")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.addWidget(self.text)
        self.line.toggled.connect(box.setVisible)
        layout.addWidget(self.line, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(box)
