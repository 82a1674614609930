"""The main window: puts the parts together."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop_agent.ui import theme
from desktop_agent.ui.background import Background
from desktop_agent.ui.chat import Chat
from desktop_agent.ui.chat_panel import ChatPanel
from desktop_agent.ui.chats import Chats
from desktop_agent.ui.clipboard import WindowClipboard
from desktop_agent.ui.engine_dialog import EngineDialog
from desktop_agent.ui.folders_dialog import FoldersDialog
from desktop_agent.ui.keeping import Keeping
from desktop_agent.ui.loading import Loading
from desktop_agent.ui.memory_page import MemoryPage
from desktop_agent.ui.messages import show_about, show_error
from desktop_agent.ui.models_page import ModelsPage
from desktop_agent.ui.notices import Notices
from desktop_agent.ui.passphrase_dialog import PassphraseDialog
from desktop_agent.ui.placement import Placement
from desktop_agent.ui.reading_ahead import ReadingAhead
from desktop_agent.ui.recover_dialog import RecoverDialog
from desktop_agent.ui.remembering import Remembering
from desktop_agent.ui.reminding import Reminding
from desktop_agent.ui.resting import Resting
from desktop_agent.ui.sentences import told
from desktop_agent.ui.settings_menu import SettingsMenu
from desktop_agent.ui.sidebar import Sidebar
from desktop_agent.ui.snackbar import Snackbar
from desktop_agent.ui.startup import Startup
from desktop_agent.ui.tools_page import REMINDERS, ToolsPage
from desktop_agent.ui.undoing import Undoing

if TYPE_CHECKING:
    from desktop_agent.app import App

NARROW = 720
"""Below this width the list of chats makes room for the chat."""


class MainWindow(QMainWindow):
    """Shows an App. Call `start` once it is visible, and `shut_down` when the program ends."""

    def __init__(self, app: "App") -> None:
        super().__init__()
        self.app = app
        self.background = Background(self)
        self.startup = Startup(app, self.background)
        self.sidebar = Sidebar()
        self.panel = ChatPanel()
        self.models = ModelsPage(app, self.background)
        self.memory = MemoryPage(app, self.background)
        self.tools = ToolsPage(app, self.background)
        self.notices = Notices(app, self.background)
        self.chat = Chat(app, self.background, self.panel)
        self.snackbar = Snackbar(self, self.panel.composer)
        self.undoing = Undoing(app, self.background, self.panel.transcript, self.snackbar)
        parts = (app, self.background, self.sidebar, self.panel, self.chat, self.snackbar)
        self.remembering = Remembering(*parts)
        self.reminding = Reminding(app, self.background, self.notices)
        self.keeping = Keeping(app, self.background, self.notices, self)
        self.chats = Chats(*parts)
        self.loading = Loading(
            app, self.background, self.startup, self.models, self.chat, self.panel.status, self.notices
        )
        self.reading = ReadingAhead(app, self.background, self.chat, self.panel.composer)
        self.resting = Resting(app, self.background, self.startup, self.chat, self.panel.status)
        app.tooling.clipboard = WindowClipboard(self)
        self._is_open, self._asks = False, True
        self._placement = Placement(app.paths.home / "window.json")
        self.setWindowTitle("Desktop Agent")
        self._lay_out()
        self._connect_parts()
        self._connect_memory()
        self._connect_tools()
        self._connect_startup()
        self._add_menu()
        self._add_shortcuts()
        self._placement.restore(self, self._splitter)
        self.chats.show_title("")

    def start(self) -> None:
        """Open the database and load the model behind the window."""
        self.panel.status.show_state(self.tr("Opening…"))
        self.startup.open()
        self.panel.composer.setFocus()

    def shut_down(self) -> None:
        """Stop what is going on and wait for it; the window is out of sight by then."""
        self.startup.give_up()
        self.models.cancel()
        self.tools.stop()
        self.reminding.stop()
        self.chat.turns.stop()
        self.reading.stop()
        self.resting.stop()
        self.remembering.stop()
        self.background.close()
        self.app.close()

    def close_at_once(self) -> None:
        """Close without a question."""
        self._asks = False
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._asks and self.chat.temporary.is_at_stake:
            event.ignore()
            self.chat.temporary.leave(self.close_at_once, self)
            return
        self._placement.keep(self, self._splitter)
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before, now = event.oldSize().width(), event.size().width()
        if (before < NARROW) != (now < NARROW) and before > 0:
            self.sidebar.setVisible(now >= NARROW)

    def new_chat(self) -> None:
        """Begin a conversation."""
        self._show_chat()
        self.chat.new()

    def new_temporary_chat(self) -> None:
        """Begin a conversation that leaves nothing behind."""
        self._show_chat()
        self.chat.temporary.begin(self)

    def show_models(self, *, first_run: bool = False) -> None:
        """Show the list of models, or the page that welcomes a new user."""
        if first_run:
            self.sidebar.setVisible(self.chats.are_there)
        self.models.open(first_run=first_run)
        self._pages.setCurrentWidget(self.models)

    def show_memory(self, memory_id: str = "") -> None:
        """Show what is remembered, at a saved memory when its id is given."""
        if self._is_open:
            self.sidebar.setVisible(self.width() >= NARROW)
            self._pages.setCurrentWidget(self.memory)
            self.memory.open(memory_id)

    def show_tools(self, part: int | None = None) -> None:
        """Show the tools of the chat that is open, and what they did."""
        if self._is_open:
            self.sidebar.setVisible(self.width() >= NARROW)
            self._pages.setCurrentWidget(self.tools)
            self.tools.open(self.chat.conversation_id, self.panel.title.full_text, part)

    def show_reminders(self) -> None:
        """Bring the window to the front with the reminders in it."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.show_tools(REMINDERS)

    def _lay_out(self) -> None:
        self._pages = QStackedWidget()
        self._pages.addWidget(self.panel)
        self._pages.addWidget(self.models)
        self._pages.addWidget(self.memory)
        self._pages.addWidget(self.tools)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=1)
        self._splitter.addWidget(self.sidebar)
        self._splitter.addWidget(self._pages)
        self._splitter.setStretchFactor(1, 1)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notices)
        layout.addWidget(self._splitter, 1)
        self.setCentralWidget(content)
        self.setMinimumSize(380, 420)

    def _connect_parts(self) -> None:
        self.background.failed.connect(lambda error: self.snackbar.say(told(error)))
        self.sidebar.new_wanted.connect(self.new_chat)
        self.sidebar.temporary_wanted.connect(self.new_temporary_chat)
        self.chats.chosen.connect(self._open)
        self.chat.listed.connect(self.notices.refresh)
        self.remembering.notes.opened.connect(self._open)
        self.panel.sidebar_wanted.connect(lambda: self.sidebar.setVisible(not self.sidebar.isVisible()))
        self.panel.composer.folders_wanted.connect(self._show_folders)
        self.panel.status.action_pressed.connect(self.show_models)
        self.models.left.connect(self._show_chat)
        self.notices.secured.connect(lambda: self.snackbar.say(self.tr("The passphrase is set.")))

    def _connect_memory(self) -> None:
        self.sidebar.memory_wanted.connect(self.show_memory)
        self.memory.left.connect(self._show_chat)
        self.memory.opened.connect(self._open)
        self.memory.said.connect(self.snackbar.say)
        self.memory.counted.connect(self.sidebar.show_suggestions)
        self.memory.paused.connect(lambda _on: self.remembering.chat.refresh())
        self.memory.forgotten.connect(self._reload)
        self.remembering.notes.page_wanted.connect(self.show_memory)
        self.remembering.suggesting.counted.connect(self.memory.show_count)
        self.remembering.changed.connect(self._refresh_memory)

    def _connect_tools(self) -> None:
        self.sidebar.tools_wanted.connect(self.show_tools)
        self.tools.left.connect(self._show_chat)
        self.tools.said.connect(self.snackbar.say)
        self.tools.undone.connect(self.undoing.refresh)
        self.reminding.opened.connect(self.show_reminders)
        self.reminding.changed.connect(self._refresh_tools)

    def _connect_startup(self) -> None:
        self.startup.opened.connect(self._opened)
        self.startup.passphrase_wanted.connect(self._ask_passphrase)
        self.startup.open_failed.connect(self._not_opened)
        self.loading.models_wanted.connect(lambda first_run: self.show_models(first_run=first_run))
        self.loading.chat_wanted.connect(lambda: self._show_chat() if self.models.isVisible() else None)
        self.loading.said.connect(self.snackbar.say)
        self.startup.loading.connect(lambda _: self.reading.stop())
        self.startup.loaded.connect(self.reading.begin)

    def _add_menu(self) -> None:
        menu = SettingsMenu(self.app.settings.theme, self.app.settings.language, self.sidebar.settings)
        menu.models.triggered.connect(self.show_models)
        menu.engine.triggered.connect(self._show_engine)
        menu.folders.triggered.connect(self._show_folders)
        menu.passphrase.triggered.connect(self.notices.set_passphrase)
        menu.about.triggered.connect(lambda: show_about(self))
        menu.pause.triggered.connect(self.remembering.chat.pause)
        menu.suggest.setChecked(self.app.settings.suggest_memories)
        menu.suggest.triggered.connect(lambda on: self._save(suggest_memories=on))
        self.remembering.chat.paused.connect(menu.pause.setChecked)
        self.keeping.connect_menu(menu)
        menu.theme_chosen.connect(self._choose_theme)
        menu.language_chosen.connect(self._choose_language)
        self.sidebar.settings.setMenu(menu)

    def _add_shortcuts(self) -> None:
        for keys, action in (
            (QKeySequence.StandardKey.New, self.new_chat),
            (QKeySequence("Ctrl+Shift+N"), self.new_temporary_chat),
            (QKeySequence.StandardKey.Find, self._search),
            (QKeySequence("Esc"), self._escape),
            (QKeySequence.StandardKey.Quit, self.close),
        ):
            QShortcut(keys, self, activated=action)

    def _opened(self) -> None:
        self._is_open = True
        self.chats.refresh()
        self.notices.refresh()
        self.remembering.start()
        self.reminding.start()
        self.app.tooling.begin()
        self.keeping.start()
        self.resting.watch()
        self.background.run(lambda: len(self.app.folders.list()), done=self.panel.composer.show_folders)
        self.background.run(lambda: None, done=lambda _: self.startup.begin())  # after the list of chats is there

    def _ask_passphrase(self, error: Exception) -> None:
        dialog = PassphraseDialog(twice=False, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.entered.connect(self.startup.open)
        dialog.rejected.connect(self.close)
        dialog.recovery_wanted.connect(lambda: self._recover(dialog))
        self.startup.opened.connect(dialog.accept)
        self.startup.open_failed.disconnect(self._not_opened)
        self.startup.open_failed.connect(lambda fault: dialog.show_problem(told(fault)))
        dialog.open()

    def _recover(self, asking: PassphraseDialog) -> None:
        dialog = RecoverDialog(self.app.paths, self.background, asking)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.recovered.connect(self._recovered)
        dialog.open()

    def _recovered(self, notice: str) -> None:
        if notice:
            self.notices.add(told(notice))
        self.startup.open()

    def _not_opened(self, error: Exception) -> None:
        self.panel.status.show_state("")
        show_error(self, error, closes=True)

    def _refresh_memory(self) -> None:
        if self.memory.isVisible():
            self.memory.refresh()

    def _refresh_tools(self) -> None:
        if self.tools.isVisible():
            self.tools.refresh()

    def _reload(self) -> None:
        """Show the chats as they are after something was forgotten in them."""
        self.chats.refresh()
        if self.chat.conversation_id and not self.chat.turns.live:
            self.chat.open(self.chat.conversation_id)

    def _show_chat(self) -> None:
        if self._pages.currentWidget() is not self.panel:
            self.sidebar.setVisible(self.width() >= NARROW)
            self._pages.setCurrentWidget(self.panel)
            self.panel.composer.setFocus()

    def _open(self, conversation_id: str, message_id: str = "") -> None:
        self._show_chat()
        self.chat.open(conversation_id, message_id)

    def _show_folders(self) -> None:
        if self._is_open:
            dialog = FoldersDialog(self.app, self.background, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.counted.connect(self.panel.composer.show_folders)
            dialog.open()

    def _show_engine(self) -> None:
        if self._is_open:
            dialog = EngineDialog(self.app, self.background, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.saved.connect(self.resting.watch)
            dialog.load_wanted.connect(self.startup.load)
            self.startup.loaded.connect(dialog.refresh)
            dialog.open()

    def _choose_theme(self, choice: theme.Choice) -> None:
        theme.current().choose(choice)
        self._save(theme=choice)

    def _choose_language(self, choice: str) -> None:
        self._save(language=choice)
        self.snackbar.say(self.tr("The language changes with the next start."))

    def _save(self, **changes: str | bool) -> None:
        self.background.run(lambda: self.app.save_settings(self.app.settings.model_copy(update=changes)))

    def _search(self) -> None:
        for page in (self.memory, self.tools):
            if page.isVisible():
                page.search()
                return
        self.sidebar.show()
        self.sidebar.search.setFocus()
        self.sidebar.search.selectAll()

    def _escape(self) -> None:
        if (self.memory.isVisible() or self.tools.isVisible()) and not self.sidebar.search.hasFocus():
            self._show_chat()
        elif self.sidebar.search.hasFocus():
            self.sidebar.search.clear()
            self.panel.composer.setFocus()
        else:
            self.chat.stop()
