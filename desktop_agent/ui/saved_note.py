"""What an answer begins with when the user asked to remember something: that it is saved, and a way back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop_agent.messages import SavedMemory
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.visible import visible


class SavedNote(QFrame):
    """`undone` says that the user takes the memory back."""

    undone = Signal(object)

    def __init__(self, memory: SavedMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.memory = memory
        self.label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_look(self.label, "muted")
        self.label.setText(self.tr("Saved to memory: {text}").format(text=visible(memory.text)))
        self.button = push_button(self.tr("Undo"), "link")
        self.button.clicked.connect(lambda: self.undone.emit(memory))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(9)
        layout.addWidget(IconLabel("bookmark"))
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)

    def show_undone(self) -> None:
        """Say that it is not kept after all."""
        self.label.setText(self.tr("Not saved: you took it back."))
        self.button.hide()
