"""The list of conversations, grouped by when they were last used."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QListWidget, QListWidgetItem, QMenu, QWidget

from desktop_agent.ui import formats, icons, theme
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.storage.conversations import Conversation

ID = Qt.ItemDataRole.UserRole


class ConversationList(QListWidget):
    """`chosen` and `deleted` carry an id, `renamed` an id and the new title, `switched` as in ConversationMenu."""

    chosen = Signal(str)
    renamed = Signal(str, str)
    deleted = Signal(str)
    switched = Signal(str, str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conversations: dict[str, Conversation] = {}
        self._awaited: tuple[list[Conversation], str] | None = None
        self.setAccessibleName(self.tr("Conversations"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.currentItemChanged.connect(self._choose)
        self.itemChanged.connect(self._rename)

    def show_conversations(self, conversations: "Iterable[Conversation]", current: str) -> None:
        """Fill the list and mark the current one, without choosing it; not while a title is being edited."""
        if self.state() == QAbstractItemView.State.EditingState:
            self._awaited = (list(conversations), current)
            return
        self.blockSignals(True)
        top = self.verticalScrollBar().value()
        self.clear()
        self._conversations = {conversation.id: conversation for conversation in conversations}
        heading = ""
        for conversation in self._conversations.values():
            age = self._age(formats.local_day(conversation.updated_at))
            if age != heading:
                heading = age
                self._add_heading(age)
            self._add(conversation, current)
        self.verticalScrollBar().setValue(top)
        self.blockSignals(False)

    def mark(self, conversation_id: str) -> None:
        """Mark a conversation as the current one; none for an unknown id."""
        self.blockSignals(True)
        self.setCurrentItem(self.item_of(conversation_id))
        self.blockSignals(False)

    def item_of(self, conversation_id: str) -> QListWidgetItem | None:
        """Return a conversation's entry."""
        items = (self.item(row) for row in range(self.count()))
        return next((item for item in items if conversation_id and item.data(ID) == conversation_id), None)

    def remove(self, conversation_id: str) -> None:
        """Take an entry out at once, before the store has done so."""
        if item := self.item_of(conversation_id):
            self.blockSignals(True)
            self.takeItem(self.row(item))
            self.blockSignals(False)

    def begin_rename(self, conversation_id: str) -> None:
        """Let the user edit a title in place."""
        if item := self.item_of(conversation_id):
            self.scrollToItem(item)
            self.editItem(item)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if self._awaited:
            awaited, self._awaited = self._awaited, None
            self.show_conversations(*awaited)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Delete and item:
            self.deleted.emit(item.data(ID))
        else:
            super().keyPressEvent(event)

    def _add_heading(self, text: str) -> None:
        item = QListWidgetItem(text, self)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(theme.current().font("small"))

    def _add(self, conversation: "Conversation", current: str) -> None:
        title = visible(conversation.title, kept="") or self.tr("Untitled chat")
        item = QListWidgetItem(title, self)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable)
        item.setData(ID, conversation.id)
        item.setToolTip(title if len(title) > 26 else "")
        if conversation.id == current:
            self.setCurrentItem(item)

    def _age(self, day: date) -> str:
        today = date.today()
        if day >= today:
            return self.tr("Today")
        if day == today - timedelta(days=1):
            return self.tr("Yesterday")
        return self.tr("Previous 7 days") if day > today - timedelta(days=8) else self.tr("Earlier")

    def _choose(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if item and item.data(ID):
            self.chosen.emit(item.data(ID))

    def _rename(self, item: QListWidgetItem) -> None:
        self.renamed.emit(item.data(ID), item.text().strip())

    def _open_menu(self, position: QPoint) -> None:
        item = self.itemAt(position)
        if item and item.data(ID):
            menu = ConversationMenu(self)
            menu.show_conversation(self._conversations[item.data(ID)])
            menu.switched.connect(self.switched)
            menu.rename.triggered.connect(lambda: self.editItem(item))
            menu.delete.triggered.connect(lambda: self.deleted.emit(item.data(ID)))
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.viewport().mapToGlobal(position))


class ConversationMenu(QMenu):
    """What can be done with a conversation.

    `switched` carries its id, "uses" or "saves", and whether memory shall do that from now on.
    """

    switched = Signal(str, str, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._conversation_id = ""
        self.rename = self.addAction(icons.icon("pencil", "muted"), self.tr("Rename"))
        self.addSeparator()
        self.uses = self._add_switch(self.tr("Use memory in this chat"), "uses")
        self.saves = self._add_switch(self.tr("Remember this chat"), "saves")
        self.addSeparator()
        self.delete = self.addAction(icons.icon("trash", "muted"), self.tr("Delete"))

    def show_conversation(self, conversation: "Conversation") -> None:
        """Show what memory does with this conversation."""
        self._conversation_id = conversation.id
        self.uses.setChecked(conversation.uses_memory)
        self.saves.setChecked(conversation.saves_memory)

    def _add_switch(self, text: str, what: str) -> QAction:
        action = self.addAction(text)
        action.setCheckable(True)
        action.triggered.connect(lambda on: self.switched.emit(self._conversation_id, what, on))
        return action
