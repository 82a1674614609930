"""Where the user writes."""

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_agent.ui import theme
from desktop_agent.ui.buttons import IconButton, set_look

MOST_LINES = 8


class MessageEdit(QPlainTextEdit):
    """A field that grows with its text. Enter submits, Shift+Enter begins a line, and an input method goes first."""

    submitted = Signal()
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composing = False
        self.setFont(theme.current().font("body"))
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    @property
    def is_composing(self) -> bool:
        """Whether an input method is at work on what is not yet text."""
        return self._composing

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif self._composing:
            event.accept()  # this Enter belongs to the input method: https://github.com/janhq/jan/issues/2585
        elif event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier):
            self.insertPlainText("\n")
            self.ensureCursorVisible()
        elif not event.isAutoRepeat():
            self.submitted.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(source.text())
        self.ensureCursorVisible()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = max(1, round(self.document().size().height()))  # a plain text's size is counted in lines
        height = QFontMetricsF(self.font()).lineSpacing() * min(lines, MOST_LINES) + 8
        always_off, as_needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(as_needed if lines > MOST_LINES else always_off)
        self.setFixedHeight(round(height))


class TextField(QFrame):
    """A field of a dialog that grows with its text."""

    def __init__(self, name: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "field")
        self.edit = MessageEdit()
        self.edit.setPlaceholderText(name)
        self.edit.setAccessibleName(name)
        self.edit.setPlainText(text)
        self.edit.focus_changed.connect(self._show_focus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(self.edit)
        self.setFocusProxy(self.edit)

    def _show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        set_look(self, "field")


class Composer(QFrame):
    """`sent` carries the text; the field keeps it until `clear`. `stopped` is emitted by the Stop button."""

    sent = Signal(str)
    stopped = Signal()
    folders_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "composer")
        self._busy = False
        self.edit = MessageEdit()
        self.edit.setPlaceholderText(self.tr("Ask anything"))
        self.edit.setAccessibleName(self.tr("Message"))
        self.edit.submitted.connect(self._submit)
        self.edit.focus_changed.connect(self._show_focus)
        self.edit.textChanged.connect(self._show_button)
        self.folders = IconButton("folder", self.tr("Folders the assistant may use")).show_text(self.tr("Folders"))
        self.folders.clicked.connect(self.folders_wanted)
        self.button = IconButton("send", self.tr("Send"), "on_accent")
        set_look(self.button, "send")
        self.button.clicked.connect(self._press)
        self._lay_out()
        self._show_button()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, 0, 0)
        bar.addWidget(self.folders)
        bar.addStretch()
        bar.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 11, 9, 8)
        layout.setSpacing(4)
        layout.addWidget(self.edit)
        layout.addLayout(bar)
        self.setFocusProxy(self.edit)

    @property
    def text(self) -> str:
        """What is written."""
        return self.edit.toPlainText()

    def write(self, text: str) -> None:
        """Put a text into the field, the cursor behind it."""
        self.edit.setPlainText(text)
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)

    def clear(self) -> None:
        """Empty the field."""
        self.edit.clear()

    def set_busy(self, busy: bool) -> None:
        """Turn Send into Stop while an answer is being written."""
        self._busy = busy
        self._show_button()

    def show_folders(self, count: int) -> None:
        """Say how many folders are granted."""
        self.folders.setText(self.tr("%n folder(s)", "", count) if count else self.tr("Folders"))

    def _submit(self) -> None:
        if not self._busy and self.text.strip():
            self.sent.emit(self.text)

    def _press(self) -> None:
        if self._busy:
            self.stopped.emit()
        else:
            self._submit()
        self.edit.setFocus()

    def _show_button(self) -> None:
        label = self.tr("Stop") if self._busy else self.tr("Send")
        enabled = self._busy or bool(self.text.strip())
        self.button.show_icon("stop" if self._busy else "send", "on_accent" if enabled else "muted")
        self.button.setToolTip(f"{label} (Esc)" if self._busy else f"{label} (Enter)")
        self.button.setAccessibleName(label)
        self.button.setEnabled(enabled)

    def _show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().unpolish(self)
        self.style().polish(self)
