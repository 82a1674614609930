"""Read-only text as high as its content, which loads nothing and opens nothing by itself."""

import math

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QResizeEvent, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from desktop_agent.ui import links, theme


class TextView(QTextBrowser):
    """Selectable text. With `wraps` false, long lines are reached with a horizontal scroll bar."""

    fitted = Signal()

    def __init__(self, font: theme.FontRole = "body", *, wraps: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wraps = wraps
        self.setFont(theme.current().font(font))
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self._set_wrapping()
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.anchorClicked.connect(lambda url: links.ask(url, self.window()))

    def loadResource(self, kind: int, url: QUrl) -> QByteArray:
        """Nothing that a text names is ever fetched, neither from the network nor from the disk."""
        return QByteArray()

    def show_plain(self, text: str) -> None:
        """Show a text as it is."""
        self.setPlainText(text)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())

    def sizeHint(self) -> QSize:
        return QSize(math.ceil(self.document().idealWidth()), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only sideways; up and down belong to the transcript around."""
        sideways = abs(event.angleDelta().x()) > abs(event.angleDelta().y())
        if not self._wraps and (sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier):
            super().wheelEvent(event)
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _set_wrapping(self) -> None:
        if self._wraps:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        else:
            self.setLineWrapMode(QTextBrowser.LineWrapMode.NoWrap)

    def _fit(self) -> None:
        height = math.ceil(self.document().size().height())
        if not self._wraps and self.document().idealWidth() > self.viewport().width() + 1:
            height += self.horizontalScrollBar().sizeHint().height()
        if height != self.height():
            self.setFixedHeight(max(height, 1))
            self.fitted.emit()
