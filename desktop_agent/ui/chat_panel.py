"""The right side: title, conversation, composer and status line."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.composer import Composer
from desktop_agent.ui.conversation_list import ConversationMenu
from desktop_agent.ui.elided_label import ElidedLabel
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.status_line import StatusLine
from desktop_agent.ui.transcript import MARGIN, Transcript, column_width
from desktop_agent.ui.welcome import Welcome


class ChatPanel(QWidget):
    """Shows one conversation; knows nothing of where it comes from."""

    rename_wanted = Signal()
    delete_wanted = Signal()
    sidebar_wanted = Signal()
    end_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.transcript = Transcript()
        self.composer = Composer()
        self.status = StatusLine()
        self.welcome = Welcome()
        self.welcome.suggested.connect(self._suggest)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(self.transcript)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header())
        layout.addWidget(self._temporary_line())
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._composer_row())
        layout.addWidget(self.status)

    def show_title(self, title: str, *, exists: bool) -> None:
        """Name the conversation; one that does not exist yet cannot be renamed or deleted."""
        self.title.show_text(title)
        self._more.setVisible(exists)

    def show_temporary(self, is_temporary: bool) -> None:
        """Say, or no longer say, that this chat leaves nothing behind."""
        self.temporary.setVisible(is_temporary)

    def show_mark(self, text: str, hint: str = "") -> None:
        """Say in a word that memory is not at work here; nothing when it is."""
        self.mark.setText(text)
        self.mark.setToolTip(hint)
        self.mark.setAccessibleName(f"{text}. {hint}" if text else "")
        self.mark.setVisible(bool(text))

    def open_menu(self) -> None:
        """Show what can be done with the conversation."""
        self._more.showMenu()

    def show_welcome(self) -> None:
        """Show what stands before a first message."""
        self.transcript.clear()
        self._pages.setCurrentWidget(self.welcome)

    def show_transcript(self) -> None:
        """Show the conversation."""
        self._pages.setCurrentWidget(self.transcript)

    @property
    def is_welcoming(self) -> bool:
        """Whether nothing was said yet."""
        return self._pages.currentWidget() is self.welcome

    def _header(self) -> QFrame:
        header = QFrame()
        set_look(header, "header")
        self.title = ElidedLabel()
        set_look(self.title, "title")
        self.title.double_clicked.connect(self.rename_wanted)
        side = IconButton("sidebar", self.tr("Show or hide the list of chats"))
        side.clicked.connect(self.sidebar_wanted)
        self._more = IconButton("more", self.tr("More"))
        self.menu = menu = ConversationMenu(self._more)
        menu.rename.triggered.connect(self.rename_wanted)
        menu.delete.triggered.connect(self.delete_wanted)
        self._more.setMenu(menu)
        self.mark = push_button("", "mark")
        self.mark.hide()
        self._more.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        layout = QHBoxLayout(header)
        layout.setContentsMargins(12, 9, 12, 9)
        layout.setSpacing(8)
        layout.addWidget(side)
        layout.addWidget(self.title, 1)
        layout.addWidget(self.mark)
        layout.addWidget(self._more)
        return header

    def _temporary_line(self) -> QFrame:
        self.temporary = QFrame(visible=False)
        set_look(self.temporary, "temporary")
        words = self.tr("Temporary chat: it is gone when you close it, and memory neither reads nor keeps it.")
        label = QLabel(words, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        end = push_button(self.tr("Close it"), "link")
        end.clicked.connect(self.end_wanted)
        layout = QHBoxLayout(self.temporary)
        layout.setContentsMargins(18, 5, 12, 5)
        layout.setSpacing(10)
        layout.addWidget(IconLabel("temporary", "accent"))
        layout.addWidget(label, 1)
        layout.addWidget(end)
        return self.temporary

    def _composer_row(self) -> QWidget:
        row = QWidget()
        self.composer.setMaximumWidth(column_width(self) - MARGIN)
        layout = QHBoxLayout(row)
        bar = self.transcript.verticalScrollBar().sizeHint().width()
        layout.setContentsMargins(MARGIN // 2, 4, MARGIN // 2 + bar, 14)
        layout.addStretch(1)
        layout.addWidget(self.composer, 1000)
        layout.addStretch(1)
        return row

    def _suggest(self, text: str) -> None:
        self.composer.write(text)
        self.composer.setFocus()
