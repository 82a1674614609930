"""The conversation on the screen: turns in a column that follows what is being written."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFontInfo, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_agent.ui.buttons import IconButton, set_look
from desktop_agent.ui.history import StoredTurn
from desktop_agent.ui.recalled import RecalledView
from desktop_agent.ui.turn_view import TurnView

COLUMN_EMS = 56
MARGIN = 28
FIRST, MORE = 4, 3
"""Turns rendered at once, and how many more when the user scrolls up to them."""
SETTLE_MS = 250
"""How long the layout of newly rendered turns may take; meanwhile the distance to the end is held."""
NEAR = 40
"""Pixels from the end within which the view counts as being at the end."""


def column_width(widget: QWidget) -> int:
    """Return how wide a column of text is comfortable to read, in pixels."""
    return QFontInfo(widget.font()).pixelSize() * COLUMN_EMS


class Transcript(QScrollArea):
    """Stays at the end while an answer grows, unless the user scrolled away.

    `decided`, `answered`, `memory_shown`, `change_shown` and `retried` as in TurnView.
    """

    decided = Signal(str, str)
    answered = Signal(str)
    memory_shown = Signal(object)
    change_shown = Signal(object)
    retried = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("Conversation"))
        self.views: list[TurnView] = []
        self._earlier: list[StoredTurn] = []
        self._follows = True
        self._from_end: int | None = None
        self._is_growing = False
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settling.timeout.connect(self._settle)
        self._rendering = QTimer(self, singleShot=True, interval=0)
        self._rendering.timeout.connect(self._load_earlier)
        self._build()
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._grown)

    def _build(self) -> None:
        page = QWidget()
        self._column = QWidget()
        self._column.setMaximumWidth(column_width(self))
        self._turns = QVBoxLayout(self._column)
        self._turns.setContentsMargins(MARGIN, 28, MARGIN, 20)
        self._turns.setSpacing(34)
        self._turns.addStretch(1)
        self._across = across = QHBoxLayout(page)
        across.setContentsMargins(0, 0, self.verticalScrollBar().sizeHint().width(), 0)
        across.addStretch(1)
        across.addWidget(self._column, 1000)
        across.addStretch(1)
        self.setWidget(page)
        self._jump = IconButton("arrow-down", self.tr("Jump to the latest"), parent=self)
        set_look(self._jump, "jump")
        self._jump.clicked.connect(self.jump_to_end)
        self._jump.hide()

    def show_turns(self, turns: Sequence[StoredTurn], focus: str = "") -> None:
        """Show a conversation from its end, or from the message with the id `focus`."""
        self.clear()
        first = next((number for number, turn in enumerate(turns) if focus and turn.holds(focus)), len(turns))
        cut = min(max(0, len(turns) - FIRST), first)
        self._earlier = list(turns[:cut])
        for turn in turns[cut:]:
            self._append(TurnView.stored(turn, self._width()))
        self._look_ahead()
        if first < len(turns):
            self._follows = False
            QTimer.singleShot(0, self, lambda: self._show_turn(first - cut))

    def begin(self, question: str) -> TurnView:
        """Add a live turn and follow it."""
        view = TurnView(question, self._width())
        self._append(view)
        self.jump_to_end()
        return view

    def clear(self) -> None:
        """Show nothing."""
        for view in self.views:
            self._turns.removeWidget(view)
            view.hide()
            view.deleteLater()
        self.views, self._earlier = [], []
        self._follows, self._from_end = True, None
        self._rendering.stop()
        self._jump.hide()

    def jump_to_end(self) -> None:
        """Go to the end and stay there."""
        self._follows, self._from_end = True, None
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._jump.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_jump()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_column"):
            self._column.setMaximumWidth(column_width(self))

    def _width(self) -> int:
        bar = self.verticalScrollBar().sizeHint().width()
        return min(self.width() - bar, self._column.maximumWidth()) - 2 * MARGIN

    def _append(self, view: TurnView, at_start: bool = False) -> None:
        view.decided.connect(self.decided)
        view.answered.connect(self.answered)
        view.memory_shown.connect(self.memory_shown)
        view.change_shown.connect(self.change_shown)
        for shown in view.findChildren(RecalledView):  # those of a turn from the store
            self.memory_shown.emit(shown)
        for card in view.answer.changes:
            self.change_shown.emit(card)
        view.retried.connect(self.retried)
        self._turns.insertWidget(0 if at_start else len(self.views), view)
        self.views.insert(0 if at_start else len(self.views), view)

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if self._from_end is not None and not self._is_growing:
            self._from_end = bar.maximum() - value
        self._follows = value >= bar.maximum() - NEAR
        self._jump.setVisible(not self._follows)
        self._place_jump()
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Render what the user may soon scroll up to, a little at a time."""
        if self._earlier and self.verticalScrollBar().value() < self.viewport().height():
            self._rendering.start()

    def _grown(self, _minimum: int, maximum: int) -> None:
        beside = 0 if maximum else self.verticalScrollBar().sizeHint().width()
        self._across.setContentsMargins(0, 0, beside, 0)  # the column does not move when the bar appears
        if self._from_end is not None:
            self._is_growing = True
            self.verticalScrollBar().setValue(maximum - self._from_end)
            self._is_growing = False
        elif self._follows:
            self.verticalScrollBar().setValue(maximum)

    def _load_earlier(self) -> None:
        """Render a few more turns above, without moving what the user looks at."""
        bar = self.verticalScrollBar()
        self._from_end = bar.maximum() - bar.value()
        more, self._earlier = self._earlier[-MORE:], self._earlier[:-MORE]
        for turn in reversed(more):
            self._append(TurnView.stored(turn, self._width()), at_start=True)
        self._settling.start()
        if not bar.maximum():
            self._look_ahead()  # otherwise the growing range leads there

    def _settle(self) -> None:
        self._from_end = None

    def _show_turn(self, number: int) -> None:
        if number < len(self.views):
            top = self.views[number].mapTo(self.widget(), QPoint(0, 0)).y()
            self.verticalScrollBar().setValue(max(0, top - 16))

    def _place_jump(self) -> None:
        self._jump.adjustSize()
        self._jump.move((self.width() - self._jump.width()) // 2, self.height() - self._jump.height() - 12)
        self._jump.raise_()
