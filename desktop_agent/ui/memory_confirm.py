"""Asks once, in place, before something goes for good."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_agent.ui.buttons import push_button
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.memory_box import Box


class Confirm(QWidget):
    """`confirmed` says whether the box was ticked, `cancelled` that nothing shall happen."""

    confirmed = Signal(bool)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.box = Box()
        self.button = push_button(self.tr("Forget for good"), "danger")
        self.button.clicked.connect(lambda: self.confirmed.emit(self.box.isChecked() and self.box.isVisibleTo(self)))
        self.cancel = push_button(self.tr("Cancel"))
        self.cancel.clicked.connect(self.cancelled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 2)
        layout.setSpacing(8)
        layout.addWidget(self.question)
        layout.addWidget(self.box)
        buttons = Flow(spacing=8)
        buttons.addWidget(self.button)
        buttons.addWidget(self.cancel)
        layout.addLayout(buttons)

    def ask(self, question: str, box: str = "") -> None:
        """Show the question; the focus is on Cancel, so that nothing goes by a stray Enter."""
        self.question.setText(question)
        self.box.setText(box)
        self.box.setToolTip(box)
        self.box.setVisible(bool(box))
        self.box.setChecked(bool(box))
        self.show()
        self.cancel.setFocus()
