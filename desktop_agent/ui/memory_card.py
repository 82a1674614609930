"""A saved memory: its words, where they are from, and what can be done about it."""

from typing import Literal, NamedTuple

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_agent.messages import SavedMemory
from desktop_agent.ui import formats
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.memory_box import Box
from desktop_agent.ui.memory_calendar import DayPopup
from desktop_agent.ui.memory_confirm import Confirm
from desktop_agent.ui.memory_editor import MemoryEditor
from desktop_agent.ui.memory_frame import MemoryFrame
from desktop_agent.ui.memory_text import MemoryText
from desktop_agent.ui.memory_words import chat_title, is_over, origins, short

translate = QCoreApplication.translate
Mode = Literal["reading", "editing", "confirming"]


class Kept(NamedTuple):
    """What a card shows: a memory, the text of what has replaced it, and the words that were searched for."""

    memory: SavedMemory
    replacement: str = ""
    words: str = ""


class MemoryCard(MemoryFrame):
    """Every signal begins with the memory's id.

    `opened` carries the conversation and the message that it is from, `edited` the new text, `pinned` whether,
    `ended` the last day or nothing, `forgotten` whether the message goes too, `ticked` whether it is selected.
    """

    opened = Signal(str, str)
    edited = Signal(str, str)
    pinned = Signal(str, bool)
    ended = Signal(str, str)
    forgotten = Signal(str, bool)
    ticked = Signal(str, bool)

    def __init__(self, kept: Kept, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self.memory = kept.memory
        self.tick = Box()
        self.tick.hide()
        self.tick.toggled.connect(lambda on: self.ticked.emit(self.memory.id, on))
        self.text = MemoryText()
        self.replacement = _tag("small", wordWrap=True)
        self.editor: MemoryEditor | None = None
        self.confirm: Confirm | None = None
        self._lay_out()
        self.fill(kept)

    def _lay_out(self) -> None:
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(8)
        foot.addWidget(self._facts(), 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self._buttons(), 0, Qt.AlignmentFlag.AlignBottom)
        self._words = QVBoxLayout()
        self._words.setSpacing(6)
        for widget in (self.text, self.replacement, self._foot):
            self._words.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 10, 8)
        layout.setSpacing(8)
        layout.addWidget(self.tick, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self._words, 1)

    def _facts(self) -> QWidget:
        self.origin, self.date = _tag("tag"), _tag("small")
        self.pin_mark, self.end_mark = _tag("tag-accent"), _tag("tag")
        self.source = push_button(self.tr("Open the message"), "link")
        self.source.clicked.connect(lambda: self.opened.emit(self.memory.conversation_id, self.memory.message_id))
        facts = QWidget()
        flow = Flow(facts, spacing=8)
        for widget in (self.pin_mark, self.origin, self.end_mark, self.date, self.source):
            flow.addWidget(widget)
        return facts

    def _buttons(self) -> QWidget:
        self.edit_button = IconButton("pencil", self.tr("Edit"))
        self.edit_button.clicked.connect(lambda: self.show_mode("editing"))
        self.pin_button = IconButton("pin", self.tr("Pin"))
        self.pin_button.clicked.connect(lambda: self.pinned.emit(self.memory.id, not self.memory.pinned))
        self.end_button = IconButton("calendar", self.tr("End date"))
        self.end_button.clicked.connect(self._choose_end)
        self.forget_button = IconButton("trash", self.tr("Forget"))
        self.forget_button.clicked.connect(lambda: self.show_mode("confirming"))
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in (self.edit_button, self.pin_button, self.end_button, self.forget_button):
            row.addWidget(button)
        return buttons

    def fill(self, kept: Kept) -> None:
        """Show another memory, or this one changed."""
        self.memory = memory = kept.memory
        self.text.fill(memory.text, kept.words)
        self.text.show_past(on=bool(memory.replaced_by) or is_over(memory))
        self.replacement.setText(self.tr('Replaced by: "{text}"').format(text=short(kept.replacement, 160)))
        self.replacement.setVisible(bool(memory.replaced_by and kept.replacement))
        self._fill_facts(memory)
        self._name_buttons(memory)
        self.setEnabled(True)
        self.show_mode("reading")

    def _fill_facts(self, memory: SavedMemory) -> None:
        self.origin.setText(origins().get(memory.origin, ""))
        self.date.setText(formats.day(memory.created_at))
        self.date.setToolTip(_history(memory))
        self.pin_mark.setText(self.tr("Pinned"))
        self.pin_mark.setVisible(memory.pinned)
        self.end_mark.setText(_validity(memory))
        self.end_mark.setVisible(bool(self.end_mark.text()))
        title = chat_title(memory.conversation_title)
        self.source.setVisible(bool(memory.message_id and memory.conversation_id))
        self.source.setToolTip(self.tr('In "{title}"').format(title=title))

    def _name_buttons(self, memory: SavedMemory) -> None:
        pin, icon = (self.tr("Unpin"), "accent") if memory.pinned else (self.tr("Pin"), "muted")
        self.pin_button.show_icon("pin", icon)
        self.pin_button.setToolTip(self.tr("Unpin") if memory.pinned else self.tr("Pin: it always has this in mind"))
        self.pin_button.setVisible(not memory.replaced_by)
        self.end_button.setVisible(not memory.replaced_by)
        text = short(memory.text)
        self.setAccessibleName(text)
        self.tick.setAccessibleName(self.tr("Select: {text}").format(text=text))
        for button, name in (
            (self.edit_button, self.tr("Edit")),
            (self.pin_button, pin),
            (self.end_button, self.tr("End date")),
            (self.forget_button, self.tr("Forget")),
            (self.source, self.tr("Open the message")),
        ):
            button.setAccessibleName(f"{name}: {text}")

    def show_mode(self, mode: Mode) -> None:
        """Show the memory to read it, to edit it, or to confirm that it goes."""
        self.mode = mode
        self.text.setVisible(mode != "editing")
        self._foot.setVisible(mode == "reading")
        for part in (self.editor, self.confirm):
            if part:
                part.hide()
        if mode == "editing":
            self._edit()
        elif mode == "confirming":
            self._ask()

    def _edit(self) -> None:
        if self.editor is None:  # most cards are never edited, and cards are made by the dozen
            self.editor = MemoryEditor(self.tr("The memory"), self.tr("Save"))
            self.editor.saved.connect(lambda text: self.edited.emit(self.memory.id, text))
            self.editor.cancelled.connect(self.leave)
            self._words.addWidget(self.editor)
        self.editor.open(self.memory.text)

    def _ask(self) -> None:
        if self.confirm is None:
            self.confirm = Confirm()
            self.confirm.confirmed.connect(lambda also: self.forgotten.emit(self.memory.id, also))
            self.confirm.cancelled.connect(self.leave)
            self._words.addWidget(self.confirm)
        also = self.tr('Also the message it comes from, in "{title}"')
        title = short(chat_title(self.memory.conversation_title), 40)
        question = self.tr("Forget this? It goes from the disk, the index and the backups, and cannot come back.")
        self.confirm.ask(question, also.format(title=title) if self.memory.message_id else "")

    def show_selecting(self, *, on: bool, ticked: bool) -> None:
        """Show or hide the box by which cards are selected."""
        self.tick.setVisible(on)
        self.tick.blockSignals(True)
        self.tick.setChecked(on and ticked)
        self.tick.blockSignals(False)

    @property
    def is_asking(self) -> bool:
        """Whether the memory is being edited, or a question about it waits."""
        return self.mode != "reading"

    def leave(self) -> None:
        """Only show the memory again."""
        self.show_mode("reading")
        self.edit_button.setFocus()

    def _choose_end(self) -> None:
        popup = DayPopup(self.memory.valid_until, self)
        popup.chosen.connect(lambda day: self.ended.emit(self.memory.id, day))
        popup.open_below(self.end_button)


def _validity(memory: SavedMemory) -> str:
    if memory.replaced_by:
        return translate("MemoryCard", "Replaced")
    if not memory.valid_until:
        return ""
    pattern = (
        translate("MemoryCard", "Ended {date}") if is_over(memory) else translate("MemoryCard", "Valid until {date}")
    )
    return pattern.format(date=formats.day(memory.valid_until))


def _history(memory: SavedMemory) -> str:
    lines = [translate("MemoryCard", "Saved {date}").format(date=formats.day(memory.created_at))]
    if memory.updated_at and memory.updated_at != memory.created_at:
        lines.append(translate("MemoryCard", "Changed {date}").format(date=formats.day(memory.updated_at)))
    if memory.used_at:
        lines.append(translate("MemoryCard", "Last used {date}").format(date=formats.day(memory.used_at)))
    return "\n".join(lines)


def _tag(look: str, **properties: object) -> QLabel:
    label = QLabel(textFormat=Qt.TextFormat.PlainText, **properties)
    set_look(label, look)
    return label
