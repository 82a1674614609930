"""What a model thought before it answered: one quiet line that unfolds to plain text."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_agent.ui import formats
from desktop_agent.ui.buttons import IconButton, set_look
from desktop_agent.ui.text_view import TextView
from desktop_agent.visible import without_controls

FRAME_MS = 50


class ThinkingView(QWidget):
    """Open while the model thinks, and folded when it ends, unless the user has folded or opened it. `text` is all."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """With `text` it is over already."""
        super().__init__(parent)
        self.text = text
        self._shown = 0
        self._seconds = 0.0
        self._is_chosen = False
        self._body: TextView | None = None
        self._timer = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._timer.timeout.connect(self._show_more)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.button = self._fold_button()
        self._name(self.tr("Thinking…"))
        if text:
            self.finish()
        else:
            self.button.setChecked(True)

    def _fold_button(self) -> IconButton:
        button = IconButton("chevron-right", self.tr("Show what the model thought before it answered"))
        button.setCheckable(True)
        button.toggled.connect(self._unfold)
        button.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch()
        self._layout.addLayout(row)
        return button

    def feed(self, text: str, seconds: float = 0.0) -> None:
        """Add to what was thought, for so many seconds by now; it appears within a frame."""
        self.text += text
        self._seconds = seconds
        if not self._timer.isActive():
            self._timer.start()

    def finish(self) -> None:
        """Say how long it took, and fold."""
        self._timer.stop()
        self._show_more()
        time = formats.seconds(self._seconds)
        self._name(self.tr("Thought for {time}").format(time=time) if self._seconds else self.tr("Thoughts"))
        if not self._is_chosen:
            self.button.setChecked(False)

    def _name(self, text: str) -> None:
        self.button.show_text(text, "small")
        self.button.setAccessibleName(text)

    def _choose(self) -> None:
        self._is_chosen = True

    def _unfold(self, shown: bool) -> None:
        self.button.show_icon("chevron-down" if shown else "chevron-right")
        if self._body is None and shown:
            self._body = self._add_body()
            self._show_more()
        if self._body:
            self._body.parentWidget().setVisible(shown)

    def _add_body(self) -> TextView:
        frame = QFrame()
        set_look(frame, "thinking")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(14, 0, 0, 0)
        body = TextView("small")
        set_look(body, "past")
        layout.addWidget(body)
        self._layout.addWidget(frame)
        return body

    def _show_more(self) -> None:
        if self._body and len(self.text) > self._shown:
            cursor = QTextCursor(self._body.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(without_controls(self.text[self._shown :]))
            self._shown = len(self.text)
