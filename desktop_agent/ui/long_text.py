"""Text that may be long: a few lines of it at once, all of it within reach, and never an end that hides."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_agent.ui import theme
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.text_view import TextView

LINES = 12
MOST_LINES = 2_000
"""As high as a view ever grows; beyond that it scrolls."""
PADDING = 16
TAIL = 60
"""Characters of the last line that are in sight whatever comes before."""


class LongTextView(QPlainTextEdit):
    """Read-only text as high as its lines, up to `most` of them; the keyboard scrolls through the rest."""

    def __init__(self, text: str, most: int = LINES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.most = most
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFont(theme.current().font("code"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setPlainText(text)
        set_look(self, "result")
        # A scroll bar that comes while the text is being laid out would leave it as wide as it was without.
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(self.fit)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fitting.start())
        self.fit()

    @property
    def lines(self) -> int:
        """How many lines there are on the screen, those included that were wrapped."""
        return max(1, round(self.document().size().height()))  # a plain text's size is counted in lines

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fitting.start()

    def fit(self) -> None:
        """Take the height of the text."""
        always_off, always_on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        self.setVerticalScrollBarPolicy(always_on if self.lines > self.most else always_off)
        height = self.fontMetrics().lineSpacing() * min(self.lines, self.most) + 2 * PADDING - 4
        if height != self.height():
            self.setFixedHeight(height)


class Foot(QWidget):
    """How much text there is, how it ends, and a button that shows it all."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.end = TextView("small")
        set_look(self.end, "past")
        self.end.show_plain(self._ending(text))
        self.button = push_button(self.tr("Show all"), "link")
        self.button.setCheckable(True)
        self.button.toggled.connect(lambda on: self.button.setText(self.tr("Show less") if on else self.tr("Show all")))
        across = QHBoxLayout(self)
        across.setContentsMargins(2, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(self.end, 1)
        across.addWidget(self.button)

    def _ending(self, text: str) -> str:
        """Say how a text ends that is not all in sight: whoever fills it with empty lines hides nothing behind them."""
        last = next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
        lines = text.rstrip("\n").count("\n") + 1
        amount = self.tr("%Ln lines", "", lines) if lines > 1 else self.tr("%Ln characters", "", len(text))
        shown = last if len(last) <= TAIL else f"…{last[-TAIL:]}"
        return self.tr("{amount}, ending with: {last}").format(amount=amount, last=shown)


class LongText(QWidget):
    """The view, and below it the foot when not all of the text is in sight."""

    def __init__(self, text: str, name: str, most: int = LINES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self.view = LongTextView(text, most)
        self.view.setAccessibleName(name)
        self.foot = Foot(text)
        self.foot.button.toggled.connect(self._show_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.view)
        layout.addWidget(self.foot)
        self.view.document().documentLayout().documentSizeChanged.connect(self._show_foot)
        self._show_foot()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_foot()

    def _show_foot(self) -> None:
        self.foot.setVisible(self.foot.button.isChecked() or self.view.lines > self._most)

    def _show_all(self, on: bool) -> None:
        self.view.most = MOST_LINES if on else self._most
        self.view.fit()
