"""The left side: new chat, search, the list of conversations, settings."""

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_agent.ui import formats, icons, theme
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.conversation_list import ConversationList

SEARCH_MS = 150


class Sidebar(QFrame):
    """`searched` carries the words to look for in titles, a moment after they were typed."""

    new_wanted = Signal()
    memory_wanted = Signal()
    tools_wanted = Signal()
    temporary_wanted = Signal()
    searched = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "sidebar")
        self.new_button = push_button(self.tr("New chat"), "new")
        self.new_button.setToolTip("Ctrl+N")
        self.new_button.setIconSize(QSize(18, 18))
        self.new_button.clicked.connect(self.new_wanted)
        self.temporary_button = IconButton("temporary", self.tr("New temporary chat: it leaves nothing behind"))
        self.temporary_button.setToolTip(f"{self.temporary_button.accessibleName()} (Ctrl+Shift+N)")
        self.temporary_button.clicked.connect(self.temporary_wanted)
        self.search = QLineEdit(placeholderText=self.tr("Search chats"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.tr("Search chats by title"))
        self._glass = QAction(self.search)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.list = ConversationList()
        self.empty = QLabel(wordWrap=True, visible=False)
        set_look(self.empty, "small")
        self.memory = IconButton("bookmark", self.tr("Memory")).show_text(self.tr("Memory"))
        self.memory.clicked.connect(self.memory_wanted)
        self.tools = IconButton("tool", self.tr("Tools")).show_text(self.tr("Tools"))
        self.tools.clicked.connect(self.tools_wanted)
        self.settings = IconButton("sliders", self.tr("Settings")).show_text(self.tr("Settings"))
        self.settings.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self._later = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._later.timeout.connect(lambda: self.searched.emit(self.search.text().strip()))
        self.search.textChanged.connect(self._search_later)
        theme.current().changed.connect(self._draw)
        self._lay_out()
        self._draw()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 14, 12, 10)
        layout.setSpacing(10)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.new_button, 1)
        top.addWidget(self.temporary_button)
        layout.addLayout(top)
        layout.addWidget(self.search)
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)
        foot = QVBoxLayout()
        foot.setSpacing(2)
        foot.addWidget(self.memory)
        foot.addWidget(self.tools)
        foot.addWidget(self.settings)
        layout.addLayout(foot)
        self.setMinimumWidth(200)

    def _search_later(self, _words: str) -> None:
        self._later.start()

    def show_suggestions(self, count: int) -> None:
        """Say how many suggestions wait on the Memory page."""
        self.memory.setText(f"{self.tr('Memory')} ({formats.number(count)})" if count else self.tr("Memory"))
        waiting = self.tr("Memory, with %Ln suggestions", "", count)
        self.memory.setAccessibleName(waiting if count else self.tr("Memory"))
        self.memory.setToolTip(self.memory.accessibleName())

    def show_empty(self, text: str) -> None:
        """Say why the list is empty; nothing when it is not."""
        self.empty.setText(text)
        self.empty.setVisible(bool(text))

    def _draw(self) -> None:
        self.new_button.setIcon(icons.icon("compose", "accent"))
        self._glass.setIcon(icons.icon("search", "muted"))
