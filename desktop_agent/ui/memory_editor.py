"""Writing or changing a memory, in place."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.composer import TextField
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.memory_box import Box


class MemoryEditor(QWidget):
    """`saved` carries the text, never an empty one; the editor stays until it is told to go."""

    saved = Signal(str)
    cancelled = Signal()

    def __init__(self, name: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = TextField(name)
        self.edit = self.field.edit
        self.edit.submitted.connect(self._save)
        self.edit.textChanged.connect(self._show_button)
        self.pin = Box(self.tr("Pin: it always has this in mind"))
        self.pin.hide()
        self.problem = QLabel(wordWrap=True, visible=False)
        set_look(self.problem, "danger")
        self.button = push_button(action, "primary")
        self.button.clicked.connect(self._save)
        cancel = push_button(self.tr("Cancel"))
        cancel.clicked.connect(self.cancelled)
        buttons = Flow(spacing=8)
        buttons.addWidget(self.button)
        buttons.addWidget(cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2)
        layout.setSpacing(8)
        for widget in (self.field, self.pin, self.problem):
            layout.addWidget(widget)
        layout.addLayout(buttons)

    def open(self, text: str = "") -> None:
        """Begin with a text."""
        self.edit.setPlainText(text)
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)
        self.pin.setChecked(False)
        self.problem.hide()
        self._show_button()
        self.show()
        self.edit.setFocus()

    def show_problem(self, text: str) -> None:
        """Say why the text was not taken, and let the user go on."""
        self.problem.setText(text)
        self.problem.show()
        self._show_button()

    def _show_button(self) -> None:
        self.button.setEnabled(bool(self.edit.toPlainText().strip()))

    def _save(self) -> None:
        text = self.edit.toPlainText().strip()
        if text and self.button.isEnabled():
            self.button.setEnabled(False)
            self.saved.emit(text)
