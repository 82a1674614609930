"""The Memory page: what is saved, what was said, what is suggested, and what is stored where."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.forget_dialog import ForgetDialog
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.memory_filters import Filters
from desktop_agent.ui.memory_found import FoundSection
from desktop_agent.ui.memory_saved import SavedSection
from desktop_agent.ui.memory_shelf import beside
from desktop_agent.ui.memory_storage import StorageSection
from desktop_agent.ui.memory_suggestions import SuggestionsSection
from desktop_agent.ui.memory_switch import Switch
from desktop_agent.ui.sentences import told

if TYPE_CHECKING:
    from desktop_agent.app import App

SAVED, FOUND, SUGGESTED, STORED = range(4)


class MemoryPage(QWidget):
    """`left` comes from Back. `opened` carries the conversation and the message to show.

    `said` carries a sentence for the snackbar with its button and what that does. `counted` carries how many
    suggestions wait. `paused` says that memory was paused, or goes on. `forgotten` says that messages may have gone
    from the chats.
    """

    left = Signal()
    opened = Signal(str, str)
    said = Signal(str, str, object)
    counted = Signal(int)
    forgotten = Signal()
    paused = Signal(bool)

    def __init__(self, app: "App", background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app, self._background = app, background
        self.saved = SavedSection(app, background)
        self.found = FoundSection(app, background)
        self.suggestions = SuggestionsSection(app, background)
        self.storage = StorageSection(app, background)
        self.filters = Filters()
        self.tabs = QTabBar(expanding=False, drawBase=False, usesScrollButtons=True)
        self.tabs.setAccessibleName(self.tr("Parts of memory"))
        self._lay_out()
        self._connect()

    def open(self, memory_id: str = "") -> None:
        """Show the page as memory is now, at a saved memory when its id is given."""
        if memory_id:
            self.tabs.setCurrentIndex(SAVED)
            self.saved.reveal(memory_id)
            self.filters.clear()
        self._look()
        self._filter()
        self.search()

    def refresh(self) -> None:
        """Read again what is in sight."""
        self._look()
        for part in (self.saved, self.found, self.storage):
            if part.isVisible():
                part.refresh()

    def _look(self) -> None:
        self._background.run(lambda: self._app.desk.paused, done=self._show_paused)
        self.suggestions.refresh()

    def search(self) -> None:
        """Let the user type what to look for."""
        if self.filters.isVisible():
            self.filters.search.setFocus()
            self.filters.search.selectAll()

    def forget_about(self, words: str = "") -> None:
        """Let the user forget everything about something."""
        dialog = ForgetDialog(self._app, self._background, self.window(), words)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.forgotten.connect(self._after_forgetting)
        dialog.open()

    def _lay_out(self) -> None:
        self._pages = QStackedWidget()
        names = (self.tr("Saved"), self.tr("From chats"), self.tr("Suggestions"), self.tr("Storage"))
        for name, page in zip(names, (self.saved, self.found, self.suggestions, self.storage), strict=True):
            self.tabs.addTab(name)
            self._pages.addWidget(page)
        top = QWidget()
        inside = QVBoxLayout(top)
        inside.setContentsMargins(0, 8, 0, 6)
        inside.setSpacing(10)
        inside.addWidget(self.tabs)
        inside.addWidget(self.filters)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header())
        layout.addWidget(self._banner())
        layout.addWidget(beside(top, self.saved.shelf))
        layout.addWidget(self._pages, 1)

    def _header(self) -> QFrame:
        header = QFrame()
        set_look(header, "header")
        back = IconButton("chevron-left", self.tr("Back to the chat"))
        back.clicked.connect(self.left)
        title = QLabel(self.tr("Memory"))
        set_look(title, "title")
        self.pause = Switch(self.tr("Pause memory"))
        self.pause.setToolTip(self.tr("While paused, nothing is recalled and nothing new is remembered"))
        self.pause.clicked.connect(self._pause)
        layout = QHBoxLayout(header)
        layout.setContentsMargins(12, 9, 12, 9)
        layout.setSpacing(8)
        layout.addWidget(back)
        layout.addWidget(title, 1)
        layout.addWidget(self.pause)
        return header

    def _banner(self) -> QFrame:
        self.banner = QFrame(visible=False)
        set_look(self.banner, "notice")
        label = QLabel(self.tr("Memory is paused: nothing is recalled, and nothing new is remembered."), wordWrap=True)
        resume = push_button(self.tr("Resume"))
        resume.setObjectName("resume")
        resume.clicked.connect(lambda: self._pause(False))
        layout = QHBoxLayout(self.banner)
        layout.setContentsMargins(18, 8, 12, 8)
        layout.setSpacing(12)
        layout.addWidget(IconLabel("pause", "warning"))
        layout.addWidget(label, 1)
        layout.addWidget(resume)
        return self.banner

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._show_part)
        self.filters.changed.connect(self._filter)
        self.filters.add_wanted.connect(self.saved.write)
        self.filters.selecting.connect(self.saved.set_selecting)
        self.filters.forget_wanted.connect(lambda: self.forget_about(self.filters.filter.words))
        self.saved.selected.connect(lambda: self.filters.select.setChecked(False))
        self.suggestions.counted.connect(self.show_count)
        self.found.changed.connect(self.forgotten)
        self.saved.forgotten.connect(self.forgotten)
        for part in (self.saved, self.found, self.suggestions):
            part.opened.connect(self.opened)
        for part in (self.saved, self.found, self.suggestions, self.storage):
            part.said.connect(self.said)

    def _show_part(self, number: int) -> None:
        self._pages.setCurrentIndex(number)
        self.filters.setVisible(number in (SAVED, FOUND))
        self.filters.show_for(chats=number == FOUND)
        if number == SAVED:
            self.saved.show_filter(self.filters.filter)
        elif number == FOUND:
            self.found.show_filter(self.filters.filter)
        elif number == SUGGESTED:
            self.suggestions.refresh()
        else:
            self.storage.refresh()

    def _filter(self) -> None:
        self._show_part(self.tabs.currentIndex())

    def show_count(self, count: int) -> None:
        """Say how many suggestions wait."""
        name = self.tr("Suggestions")
        self.tabs.setTabText(SUGGESTED, f"{name} ({formats.number(count)})" if count else name)
        self.counted.emit(count)

    def _pause(self, on: bool) -> None:
        self._background.run(
            lambda: self._app.desk.pause(on), done=lambda _: self._has_paused(on), failed=self._not_paused
        )

    def _has_paused(self, on: bool) -> None:
        self._show_paused(on)
        self.paused.emit(on)

    def _not_paused(self, error: Exception) -> None:
        self._show_paused(not self.pause.isChecked())
        self.said.emit(told(error), "", None)

    def _show_paused(self, paused: bool) -> None:
        self.pause.setChecked(paused)
        self.banner.setVisible(paused)

    def _after_forgetting(self, words: str) -> None:
        self.said.emit(words, "", None)
        self.refresh()
        self.forgotten.emit()
