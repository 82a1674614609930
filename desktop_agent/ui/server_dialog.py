"""Adding or changing an MCP server: what to run, what it gets, and what it may reach."""

import shlex
from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop_agent.records import McpServer
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.elided_label import ElidedLabel
from desktop_agent.ui.fields import field, line, row, say
from desktop_agent.ui.memory_box import Box
from desktop_agent.ui.sentences import told
from desktop_agent.ui.sheet import Sheet
from desktop_agent.visible import visible

translate = QCoreApplication.translate
MOST_EMS = 26
"""How high the fields become before they scroll."""
KEPT = "••••••••"
"""Stands for a secret that is in the keyring; it is never read back into the window."""


class ServerDialog(Sheet):
    """`saved` carries the McpServer and the secrets by name that were entered; the dialog stays until it is closed."""

    saved = Signal(object, object)

    def __init__(self, server: McpServer | None, parent: QWidget) -> None:
        about = translate(
            "ServerDialog",
            "A server is a program of someone else's. It runs on this computer, confined to what you allow here.",
        )
        title = translate("ServerDialog", "Add an MCP server") if server is None else server.name
        super().__init__(title, about, parent)
        self.setWindowTitle(title)
        self._server = server
        self._kept = set(server.secrets) if server else set()
        self.name = field(self.tr("Name: letters, digits, hyphens"), text=server.name if server else "")
        self.name.setReadOnly(server is not None)
        self.name.setVisible(server is None)
        self.command = field(self.tr("Command, for example: uvx mcp-server-time"))
        self.environment = Rows(self.tr("Values for its environment"), self.tr("Add a value…"), secret=False)
        self.secrets = Rows(self.tr("Secrets, kept in the keyring"), self.tr("Add a secret…"), secret=True)
        self.folders = FolderRows()
        self.network = Box(self.tr("It may use the network"))
        self.problem = line("", "danger")
        self._fields = self._scroll()
        self.body.addWidget(self._fields)
        self.body.addWidget(self.problem)
        self.body.addLayout(self._buttons())
        if server:
            self._fill(server)
        (self.name if server is None else self.command).setFocus()

    def show_problem(self, error: Exception | str) -> None:
        """Say why it was not kept, and let the user go on."""
        say(self.problem, told(error), "danger")
        self.button.setEnabled(True)
        self.button.setText(self.tr("Save"))

    def _scroll(self) -> QScrollArea:
        """Return the fields; with many rows they scroll, and the buttons stay in sight."""
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(2, 2, 10, 2)
        layout.setSpacing(12)
        for widget in (self.name, self.command, self.environment, self.secrets, self.folders, self.network):
            layout.addWidget(widget)
        layout.addStretch()
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        self._page = page
        return scroll

    def follow(self) -> None:
        """Grow with the rows, up to where they begin to scroll."""
        most = MOST_EMS * self.fontMetrics().height()
        self._fields.setFixedHeight(min(self._page.sizeHint().height() + 4, most))
        super().follow()

    def _buttons(self) -> QHBoxLayout:
        self.button = push_button(self.tr("Save"), "primary")
        self.button.clicked.connect(self._save)
        cancel = push_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        return row(self.button, cancel)

    def _fill(self, server: McpServer) -> None:
        self.command.setText(shlex.join(server.command))
        for name, value in server.environment:
            self.environment.add(name, value)
        for name in server.secrets:
            self.secrets.add(name, KEPT)
        for folder in server.folders:
            self.folders.add(folder, folder in server.writable)
        self.network.setChecked(server.network)

    def _save(self) -> None:
        try:
            command = tuple(shlex.split(self.command.text()))
        except ValueError:
            self.show_problem(self.tr("A quotation mark in the command is not closed."))
            return
        if not self.name.text().strip() or not command:
            self.show_problem(self.tr("A server needs a name and a command."))
            return
        secrets = self.secrets.values
        made = McpServer(
            self.name.text().strip(),
            command,
            tuple(self.environment.values.items()),
            tuple(secrets),
            self.folders.paths,
            self.folders.writable,
            self.network.isChecked(),
            self._server.enabled if self._server else True,
            self._server.created_at if self._server else "",
        )
        say(self.problem, self.tr("What npx or uvx names is installed first, which may take a minute."), "small")
        self.button.setEnabled(False)
        self.button.setText(self.tr("Saving…"))
        entered = {name: value for name, value in secrets.items() if value != KEPT or name not in self._kept}
        self.saved.emit(made, entered)


class Rows(QWidget):
    """Names with their values, as many as are wanted."""

    def __init__(self, title: str, action: str, *, secret: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._secret = secret
        self.rows: list[tuple[QLineEdit, QLineEdit]] = []
        self.button = push_button(action, "link")
        self.button.clicked.connect(self._begin_row)
        self._layout = _section(self, title, self.button)

    def add(self, name: str = "", value: str = "") -> tuple[QLineEdit, QLineEdit]:
        """Add a row and return its fields."""
        pair = field(self.tr("Name"), text=name), field(self.tr("Value"), text=value, secret=self._secret)
        line_ = _removable(pair, self.tr("Remove"), lambda: self.rows.remove(pair))
        self.rows.append(pair)
        self._layout.insertWidget(self._layout.count() - 1, line_)
        return pair

    def _begin_row(self) -> None:
        self.add()[0].setFocus()

    @property
    def values(self) -> Mapping[str, str]:
        """What was entered; rows without a name are left out."""
        return {name.text().strip(): value.text() for name, value in self.rows if name.text().strip()}


class FolderRows(QWidget):
    """Folders that a server may read, each with a box whether it may change what is in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[tuple[str, Box]] = []
        self.button = push_button(self.tr("Add a folder…"), "link")
        self.button.clicked.connect(self._choose)
        self._layout = _section(self, self.tr("Folders it may read"), self.button)

    def add(self, path: str, writable: bool = False) -> None:
        """Add a row."""
        box = Box(self.tr("may change"))
        box.setChecked(writable)
        name = ElidedLabel()
        name.show_text(visible(path, kept=""))
        box.setAccessibleName(self.tr("May change what is in {path}").format(path=name.full_text))
        entry = (path, box)
        self.rows.append(entry)
        remove = self.tr("Remove {path}").format(path=name.full_text)
        self._layout.insertWidget(
            self._layout.count() - 1, _removable((name, box), remove, lambda: self.rows.remove(entry))
        )

    @property
    def paths(self) -> tuple[str, ...]:
        """All folders."""
        return tuple(path for path, _ in self.rows)

    @property
    def writable(self) -> tuple[str, ...]:
        """Those that it may change."""
        return tuple(path for path, box in self.rows if box.isChecked())

    def _choose(self) -> None:
        if path := QFileDialog.getExistingDirectory(self, self.tr("Choose a folder")):
            self.add(path)


def _section(widget: QWidget, title: str, button: QWidget) -> QVBoxLayout:
    label = QLabel(title)
    set_look(label, "section")
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    layout.addWidget(label)
    layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    return layout


def _removable(widgets: tuple[QWidget, ...], name: str, remove: Callable[[], object]) -> QWidget:
    page = QWidget()
    across = QHBoxLayout(page)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(8)
    for widget in widgets:
        across.addWidget(widget, 0 if isinstance(widget, Box) else 1)
    button = IconButton("close", name)

    def leave() -> None:
        remove()
        page.hide()
        page.deleteLater()

    button.clicked.connect(leave)
    across.addWidget(button)
    return page
