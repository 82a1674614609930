"""Which model finds what was said before, and where its index is kept."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import push_button
from desktop_agent.ui.fields import field, line, row, say
from desktop_agent.ui.sentences import told
from desktop_agent.ui.sheet import Sheet

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.memory_stats import MemoryStats
    from desktop_agent.models.catalogue import ModelEntry

POLL_MS = 1000
"""How often the progress of the index is looked at while the dialog is open."""


class IndexDialog(Sheet):
    """Chooses the embedder and the place of the index. Both take effect at once, and the index follows."""

    def __init__(self, app: "App", background: Background, parent: QWidget) -> None:
        super().__init__(*_words(), parent)
        self.setWindowTitle(self.tr("Memory model and server"))
        self._app, self._background = app, background
        self.body.addWidget(_section(self.tr("Model")))
        self.body.addWidget(self._models())
        self.body.addWidget(self._progress_line())
        self.body.addWidget(_section(self.tr("Place of the index")))
        self.body.addLayout(self._places())
        self.body.addWidget(self._server())
        self.said = line("", "small")
        self.body.addWidget(self.said)
        self.body.addLayout(self._buttons())
        self._show_place()
        self._background.run(self._installed, done=self._show_models)
        self._polling = QTimer(self, interval=POLL_MS)
        self._polling.timeout.connect(self._look)
        self._polling.start()
        self.finished.connect(self._polling.stop)
        self._look()

    def use_server(self) -> None:
        """Keep the index where the user says."""
        if not self._can_go_on():
            return
        url, token, certificate = self._entered() if self.elsewhere.isChecked() else ("", "", "")
        said = self.tr("The index is kept on the server now.") if url else self.tr("The index is kept here now.")
        self._work(lambda: self._app.set_memory_server(url, token, certificate), lambda _: self._say(said))

    def test_server(self) -> None:
        """Try the server without using it."""
        entered = self._entered()
        if self._can_go_on():
            self._work(lambda: self._app.check_memory_server(*entered), lambda found: self._say(str(found)))

    def _models(self) -> QComboBox:
        self.models = QComboBox(enabled=False)
        self.models.setAccessibleName(self.tr("Memory model"))
        self.models.activated.connect(lambda _index: self._choose(self.models.currentData()))
        return self.models

    def _progress_line(self) -> QWidget:
        self.progress = QProgressBar(textVisible=False, visible=False)
        self.progress.setAccessibleName(self.tr("Progress of the index"))
        self.state = line("", "small")
        widget = QWidget()
        layout = QVBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.progress)
        layout.addWidget(self.state)
        return widget

    def _places(self) -> QVBoxLayout:
        self.here = QRadioButton(self.tr("On this computer"))
        self.elsewhere = QRadioButton(self.tr("On a Chroma server"))
        self.elsewhere.toggled.connect(self._show_place)
        (self.elsewhere if self._app.settings.memory_server else self.here).setChecked(True)
        layout = QVBoxLayout()
        layout.addWidget(self.here)
        layout.addWidget(self.elsewhere)
        return layout

    def _server(self) -> QWidget:
        self.server = QWidget()
        self.url = field(self.tr("Address, as https://example.org:8000"), text=self._app.settings.memory_server)
        known = bool(self._app.settings.memory_server)
        token = self.tr("Token: as it is kept, unless you enter another") if known else self.tr("Token, if it has one")
        self.token = field(token, secret=True)
        self.certificate = field(self.tr("Certificate file, if it has its own"))
        self.certificate.setText(self._app.settings.memory_certificate)
        choose = self._button(self.tr("Choose…"), self._choose_certificate)
        beside = QHBoxLayout()
        beside.addWidget(self.certificate, 1)
        beside.addWidget(choose)
        layout = QVBoxLayout(self.server)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(line(_privacy(), "muted"))
        layout.addWidget(self.url)
        layout.addWidget(self.token)
        layout.addWidget(line(self.tr("The token is kept in this computer's keyring."), "small"))
        layout.addLayout(beside)
        return self.server

    def _buttons(self) -> QHBoxLayout:
        self.test_button = self._button(self.tr("Test connection"), self.test_server)
        self.use_button = self._button(self.tr("Use this place"), self.use_server, "primary")
        return row(self.test_button, self._button(self.tr("Close"), self.accept), self.use_button, at_end=2)

    def _button(self, text: str, press: Callable[[], None], look: str = "") -> QPushButton:
        button = push_button(text, look)
        button.clicked.connect(press)
        return button

    def _entered(self) -> tuple[str, str, str]:
        return self.url.text().strip(), self.token.text().strip(), self.certificate.text().strip()

    def _can_go_on(self) -> bool:
        """Ask for the server's address where it is missing."""
        if self.here.isChecked() or self.url.text().strip():
            return True
        say(self.said, self.tr("Enter the address of the server."), "danger")
        self.url.setFocus()
        return False

    def _show_place(self) -> None:
        if hasattr(self, "test_button"):
            for widget in (self.server, self.test_button):
                widget.setVisible(self.elsewhere.isChecked())

    def _installed(self) -> "list[ModelEntry]":
        library = self._app.library
        return [entry for entry in library.entries() if entry.role == "embedding" and library.has(entry)]

    def _show_models(self, entries: "Sequence[ModelEntry]") -> None:
        for entry in entries:
            self.models.addItem(f"{entry.title} ({formats.size(entry.bytes)})", entry.name)
        if not entries:
            self.models.addItem(self.tr("None is installed: memory looks for words only"))
        self.models.setEnabled(len(entries) > 1)
        self.models.setCurrentIndex(max(0, self.models.findData(self._app.settings.embedder or "embedder")))

    def _choose(self, name: str) -> None:
        said = self.tr("The index is being built with the new model; until then the old one goes on.")
        self._work(lambda: self._app.choose_embedder(name), lambda _: self._say(said))

    def _choose_certificate(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a certificate"), "", "*.pem *.crt *.cer")
        if name:
            self.certificate.setText(name)

    def _look(self) -> None:
        self._background.run(self._app.desk.stats, done=self._show_stats, lane="pool")

    def _show_stats(self, stats: "MemoryStats") -> None:
        self.progress.setVisible(stats.busy)
        self.progress.setRange(0, max(stats.total, 1))
        self.progress.setValue(min(stats.indexed, stats.total))
        count = {"done": formats.number(stats.indexed), "total": formats.number(stats.total)}
        if stats.problem:
            say(self.state, told(stats.problem), "danger")
        elif not stats.embedder:
            say(self.state, "")
        elif stats.busy:
            say(self.state, self.tr("Building the index: {done} of {total}").format(**count), "small")
        else:
            say(self.state, self.tr("{done} of {total} messages and memories are indexed.").format(**count), "small")

    def _work(self, work: Callable[[], object], done: Callable[[object], None]) -> None:
        self._set_busy(True)
        say(self.said, self.tr("One moment…"), "small")
        self._background.run(work, done=done, failed=self._fail, lane="pool")

    def _say(self, text: str) -> None:
        self._set_busy(False)
        say(self.said, text, "small")

    def _fail(self, error: Exception) -> None:
        self._set_busy(False)
        say(self.said, told(error), "danger")

    def _set_busy(self, busy: bool) -> None:
        for button in (self.use_button, self.test_button):
            button.setEnabled(not busy)


def _section(text: str) -> QLabel:
    return line(text, "section")


def _privacy() -> str:
    return translate(
        "IndexDialog",
        "Texts stay on this computer. The server gets vectors and ids; from a vector somebody can guess what a text was"
        " about. Use only a server that you trust, and an address that begins with https unless it is this computer.",
    )


def _words() -> tuple[str, str]:
    return (
        translate("IndexDialog", "Memory model and server"),
        translate(
            "IndexDialog",
            "Memory finds what was said before by its words, and with a small model also by its meaning. "
            "For that it keeps an index, which can be built anew at any time.",
        ),
    )


translate = QCoreApplication.translate
