"""Which memories to show: words, origin, date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from desktop_agent.ui import icons, theme
from desktop_agent.ui.buttons import IconButton, push_button
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.memory_words import origins

SEARCH_MS = 180
Span = Literal["", "week", "month", "year", "before"]


@dataclass(frozen=True)
class Filter:
    """What to show; `since` and `until` are the first and the last day. Empty fields exclude nothing."""

    words: str = ""
    origin: str = ""
    since: str = ""
    until: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything is shown."""
        return self == Filter()


def bounds(span: Span, today: date) -> tuple[str, str]:
    """Return the first and the last day of a span of time as ISO 8601; empty where it has none."""
    new_year = today.replace(month=1, day=1)
    first = {"week": today - timedelta(days=6), "month": today - timedelta(days=29), "year": new_year}.get(span)
    last = new_year - timedelta(days=1) if span == "before" else None
    return first.isoformat() if first else "", last.isoformat() if last else ""


class Choice(IconButton):
    """A button that says what is chosen and opens a menu to choose something else. `chosen` carries its key."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__("chevron-down", name, parent=parent)
        self.value, self._choices, self._name = "", dict(choices), name
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the words
        self.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self, layoutDirection=Qt.LayoutDirection.LeftToRight)
        group = QActionGroup(menu)
        for key, text in choices.items():
            action = QAction(text, menu, checkable=True, checked=not key)
            action.triggered.connect(lambda _checked=False, key=key: self.choose(key))
            group.addAction(action)
            menu.addAction(action)
        self.setMenu(menu)
        self._show()

    def choose(self, key: str) -> None:
        """Choose, as the menu does."""
        self.value = key
        self.menu().actions()[list(self._choices).index(key)].setChecked(True)
        self._show()
        self.chosen.emit(key)

    def _show(self) -> None:
        self.show_text(self._choices[self.value], "choice-on" if self.value else "choice")
        self.setAccessibleName(f"{self._name}: {self._choices[self.value]}")


class Filters(QWidget):
    """`changed` says that other memories are wanted; the other signals are what the buttons want."""

    changed = Signal()
    add_wanted = Signal()
    selecting = Signal(bool)
    forget_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setMinimumWidth(120)
        self._glass = QAction(self.search)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.origin = Choice(self.tr("Origin"), {"": self.tr("Any origin"), **origins()})
        self.span = Choice(self.tr("Date"), self._spans())
        self.add = push_button(self.tr("Add a memory"), "primary")
        self.select = IconButton("select", self.tr("Select several")).show_text(self.tr("Select"), "choice")
        self.select.setCheckable(True)
        self.forget = IconButton("trash", self.tr("Forget everything about…"))
        self.forget.show_text(self.tr("Forget everything about…"), "choice")
        self._later = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._connect()
        self._lay_out()
        self._draw()
        self.show_for(chats=False)

    def _spans(self) -> dict[str, str]:
        names = (
            self.tr("Any time"),
            self.tr("Last 7 days"),
            self.tr("Last 30 days"),
            self.tr("This year"),
            self.tr("Before this year"),
        )
        return dict(zip(get_args(Span), names, strict=True))

    def _connect(self) -> None:
        self._later.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _words: self._later.start())
        self.origin.chosen.connect(lambda _key: self.changed.emit())
        self.span.chosen.connect(lambda _key: self.changed.emit())
        self.add.clicked.connect(self.add_wanted)
        self.select.toggled.connect(self.selecting)
        self.forget.clicked.connect(self.forget_wanted)
        theme.current().changed.connect(self._draw)

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self.search, 1)
        first.addWidget(self.add)
        second = Flow(spacing=4)
        for widget in (self.origin, self.span, self.select, self.forget):
            second.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(first)
        layout.addLayout(second)

    @property
    def filter(self) -> Filter:
        """What is wanted."""
        since, until = bounds(self.span.value, date.today())
        return Filter(self.search.text().strip(), self.origin.value, since, until)

    def show_for(self, *, chats: bool) -> None:
        """Show what makes sense for saved memories, or for what was said in chats."""
        words = self.tr("Search your chats") if chats else self.tr("Search memories")
        self.search.setPlaceholderText(words)
        self.search.setAccessibleName(words)
        for widget in (self.origin, self.add, self.select):
            widget.setVisible(not chats)

    def clear(self) -> None:
        """Want everything."""
        for choice in (self.origin, self.span):
            choice.blockSignals(True)
            choice.choose("")
            choice.blockSignals(False)
        self.search.clear()
        self._later.stop()
        self.changed.emit()

    def _draw(self) -> None:
        self._glass.setIcon(icons.icon("search", "muted"))
