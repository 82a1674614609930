"""What was recalled for an answer: a chip for each note, which unfolds to a card."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_agent.events import RecalledMemory
from desktop_agent.ui import formats
from desktop_agent.ui.buttons import IconButton, push_button
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.recalled_card import RecalledCard
from desktop_agent.visible import visible

Fate: TypeAlias = Literal["", "fixed", "forgotten", "dismissed"]
"""What the user made of a recalled note."""
LONGEST_TITLE = 32
FIRST = 5
"""Chips shown at once; the rest is one more press away."""
ICONS = {"chat": "quote", "said": "bookmark", "suggested": "sparkle", "written": "pencil"}
FATE_ICONS = {"fixed": "check", "forgotten": "trash", "dismissed": "close"}


class RecalledChip(IconButton):
    """One recalled note; `memory` is the note as it was recalled, `now` as it is after the user corrected it."""

    def __init__(self, memory: RecalledMemory, parent: QWidget | None = None) -> None:
        super().__init__(ICONS[memory.origin], "", parent=parent)
        self.memory = self.now = memory
        self.fate: Fate = ""
        self.setCheckable(True)
        self.show_fate("", memory)

    def show_fate(self, fate: Fate, now: RecalledMemory) -> None:
        """Show what became of the note."""
        self.fate, self.now = fate, now
        label = {
            "": _label(now),
            "fixed": self.tr("Fixed: {text}"),
            "forgotten": self.tr("Forgotten"),
            "dismissed": self.tr("Not relevant: {text}"),
        }[fate].format(text=_label(now))
        self.show_icon(FATE_ICONS.get(fate, ICONS[now.origin]))
        self.show_text(label, "chip")
        self.setAccessibleName(self.tr("From memory: {note}").format(note=label))
        self.setToolTip(self.tr("Show this note"))
        self.setEnabled(fate != "forgotten")


class RecalledView(QWidget):
    """A row of chips, one of which may be unfolded.

    `opened`, `corrected` (with the new words), `forgotten` and `dismissed` say what the user wants with a note: they
    carry the note as it is now.
    """

    opened = Signal(object)
    corrected = Signal(object, str)
    forgotten = Signal(object)
    dismissed = Signal(object)

    def __init__(self, memories: Sequence[RecalledMemory], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recalled")
        self.chips = [RecalledChip(memory) for memory in memories]
        self.card: RecalledCard | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._row())

    def _row(self) -> QWidget:
        row = QWidget()
        flow = Flow(row)
        heading = IconLabel("history")
        heading.setToolTip(self.tr("From memory"))
        flow.addWidget(heading)
        for number, chip in enumerate(self.chips):
            chip.toggled.connect(lambda shown, chip=chip: self._unfold(chip, shown=shown))
            chip.setVisible(number < FIRST)
            flow.addWidget(chip)
        hidden = len(self.chips) - FIRST
        if hidden > 0:
            self.more = push_button(self.tr("%n more", "", hidden), "link")
            self.more.clicked.connect(self._show_all)
            flow.addWidget(self.more)
        return row

    def show_fate(self, memory: RecalledMemory, fate: Fate, now: RecalledMemory) -> None:
        """Show what became of a note, wherever it is in this row."""
        for chip in self.chips:
            if memory in (chip.memory, chip.now):
                chip.setChecked(False)
                chip.show_fate(fate, now)

    def show_problem(self, memory: RecalledMemory, text: str) -> None:
        """Say on the unfolded card why something could not be done."""
        if self.card and self.card.memory == memory:
            self.card.show_problem(text)

    def _show_all(self) -> None:
        for chip in self.chips:
            chip.show()
        self.more.hide()

    def _unfold(self, chip: RecalledChip, *, shown: bool) -> None:
        self._fold()
        if not shown:
            return
        for other in self.chips:
            if other is not chip:
                other.setChecked(False)
        self.card = card = RecalledCard(chip.now, can_dismiss=chip.fate == "")
        card.opened.connect(lambda: self.opened.emit(card.memory))
        card.corrected.connect(lambda text: self.corrected.emit(card.memory, text))
        card.forgotten.connect(lambda: self.forgotten.emit(card.memory))
        card.dismissed.connect(lambda: self.dismissed.emit(card.memory))
        card.closed.connect(lambda: self._close(chip))
        self._layout.addWidget(card)

    def _fold(self) -> None:
        if self.card:
            self.card.hide()
            self.card.deleteLater()
            self.card = None

    def _close(self, chip: RecalledChip) -> None:
        chip.setChecked(False)
        chip.setFocus()


def _label(memory: RecalledMemory) -> str:
    if memory.origin != "chat":
        return _short(memory.text)
    return f"{_short(memory.conversation_title) or untitled()} · {formats.day(memory.date)}"


def _short(text: str) -> str:
    line = " ".join(visible(text, kept="").split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def untitled() -> str:
    """Return what a chat without a title is called."""
    return QCoreApplication.translate("RecalledView", "Untitled chat")
