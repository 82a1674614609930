"""A column of cards, made a few at a time as the user comes to them."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_agent.ui.memory_blank import Blank
from desktop_agent.ui.note import Note

COLUMN = 740
MARGIN = 20
MORE = 6
"""Cards made at once."""
SETTLE_MS = 1_500
"""How long the layout of newly made cards may take; meanwhile the card that was asked for is held in sight."""
AHEAD = 2
"""How many screens below what the user sees are made already."""


class Shelf(QScrollArea):
    """Shows items by key. `make` builds a card of an item, whose method `fill` then takes a changed one."""

    def __init__(self, make: Callable[[Any], QWidget], icon: str, name: str, *, narrow: bool = False) -> None:
        super().__init__()
        self.cards: dict[str, QWidget] = {}
        self._make, self._items, self._shown = make, dict[str, Any](), 0
        self._drawn: dict[str, Any] = {}
        self.note: Note | None = None
        self._revealed = ""
        self.blank = Blank(icon)
        self.setWidgetResizable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settling.timeout.connect(self._end_revealing)
        self._growing = QTimer(self, singleShot=True, interval=0)
        self._growing.timeout.connect(self._grow)
        self._build(narrow=narrow)

    def _build(self, *, narrow: bool) -> None:
        column = QFrame()
        column.setMaximumWidth(COLUMN)
        self._outer = QVBoxLayout(column)
        self._outer.setContentsMargins(*((6, 6, 6, 6) if narrow else (MARGIN, 4, MARGIN, 24)))
        self._outer.addWidget(self.blank)
        self._column = QVBoxLayout()
        self._column.setSpacing(0 if narrow else 10)
        self._outer.addLayout(self._column)
        self._outer.addStretch(1)
        page = QWidget()
        self._across = across(page, column)
        self.setWidget(page)
        self._resized(0, 0)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._growing.start())
        self.verticalScrollBar().rangeChanged.connect(self._resized)

    def show_items(self, items: Mapping[str, Any], *, from_top: bool = False) -> None:
        """Show these, in this order; cards of items that are still there stay."""
        self._forget_failure()
        self._items = dict(items)
        self._shown = max(MORE, 0 if from_top else self._shown)
        self.blank.setVisible(not self._items)
        self._draw()
        if from_top:
            self.verticalScrollBar().setValue(0)
        self._growing.start()

    def say(self, title: str, about: str = "") -> None:
        """Show words instead of cards."""
        self.blank.say(title, about)
        self.show_items({})

    def show_failure(self, text: str, action: str, again: Callable[[], None]) -> None:
        """Say above the cards what went wrong, with a button to try again."""
        self._forget_failure()
        self.blank.hide()
        self.note = Note("failure", text, action)
        self.note.pressed.connect(again)
        self._outer.insertWidget(0, self.note)

    def reveal(self, key: str) -> QWidget | None:
        """Scroll to an item; returns its card."""
        if key not in self._items:
            return None
        self._shown = max(self._shown, list(self._items).index(key) + 1)
        self._draw()
        self._revealed = key
        self._settling.start()
        QTimer.singleShot(0, self, self._follow_revealed)
        return self.cards[key]

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._revealed = ""  # the user goes elsewhere
        super().wheelEvent(event)

    def _end_revealing(self) -> None:
        self._follow_revealed()
        self._revealed = ""

    def _follow_revealed(self) -> None:
        """Stay at the card that was asked for while those above it take their places."""
        if self._revealed in self.cards:
            self.ensureWidgetVisible(self.cards[self._revealed])

    def _draw(self) -> None:
        keys = list(self._items)[: self._shown]
        for key in self.cards.keys() - set(keys):
            self._drop(key)
        for number, key in enumerate(keys):
            self._draw_one(key)
            if self._column.indexOf(self.cards[key]) != number:
                self._column.insertWidget(number, self.cards[key])

    def _draw_one(self, key: str) -> None:
        item = self._items[key]
        if key not in self.cards:
            self.cards[key] = self._make(item)
        elif self._drawn[key] != item:
            self.cards[key].fill(item)
        self._drawn[key] = item

    def _drop(self, key: str) -> None:
        card = self.cards.pop(key)
        del self._drawn[key]
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _grow(self) -> None:
        """Make more cards while the user is near the last one."""
        bar = self.verticalScrollBar()
        if self._shown < len(self._items) and bar.value() >= bar.maximum() - AHEAD * self.viewport().height():
            self._shown += MORE
            self._draw()
            self._growing.start()

    def _resized(self, _minimum: int, maximum: int) -> None:
        beside = 0 if maximum else self.verticalScrollBar().sizeHint().width()
        self._across.setContentsMargins(0, 0, beside, 0)  # the column does not move when the bar appears
        self._follow_revealed()
        self._growing.start()

    def _forget_failure(self) -> None:
        if self.note:
            self.note.hide()
            self.note.deleteLater()
            self.note = None


def across(page: QWidget, column: QWidget) -> QHBoxLayout:
    """Put a column into the middle of a page."""
    layout = QHBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addStretch(1)
    layout.addWidget(column, 1000)
    layout.addStretch(1)
    return layout


def beside(widget: QWidget, shelf: Shelf) -> QWidget:
    """Return a page that keeps the widget as wide as the cards of a shelf."""
    page, column = QWidget(), QWidget()
    column.setMaximumWidth(COLUMN)
    inside = QVBoxLayout(column)
    inside.setContentsMargins(MARGIN, 0, MARGIN, 0)
    inside.addWidget(widget)
    across(page, column).setContentsMargins(0, 0, shelf.verticalScrollBar().sizeHint().width(), 0)
    return page
