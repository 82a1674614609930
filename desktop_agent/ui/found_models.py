"""The models that other programs keep on this computer: each with a button that uses it where it lies."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop_agent.errors import Cancelled
from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.elided_label import ElidedLabel
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.models.elsewhere import Found
    from desktop_agent.models.library import Progress

FEW = 4
"""So many are shown until all are asked for."""
TELL_SECONDS = 0.1


class FoundModels(QWidget):
    """Hidden while there are none. `used` carries the name under which a model is here now, `failed` an error."""

    used = Signal(str)
    failed = Signal(object)

    def __init__(self, app: "App", background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent, visible=False)
        self._app, self._background = app, background
        self._cancel = threading.Event()
        self._looking = self._all = False
        self.rows: list[FoundRow] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(8)
        heading = QLabel(self.tr("Found on this computer"))
        set_look(heading, "strong")
        about = QLabel(self.tr("Other programs keep these models. They are used where they lie; nothing is copied."))
        about.setWordWrap(True)
        set_look(about, "small")
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.more_button = push_button("", "link")
        self.more_button.clicked.connect(self._show_all)
        for widget in (heading, about):
            layout.addWidget(widget)
        layout.addLayout(self._list)
        layout.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)

    def look(self) -> None:
        """Look into the folders of the other programs again."""
        if not self._looking and not self._busy:
            self._looking = True
            self._background.run(self._find, self._show, self._not_found, lane="pool")

    def cancel(self) -> None:
        """Break off what is being taken up, soon."""
        self._cancel.set()

    @property
    def _busy(self) -> bool:
        return any(row.state == "busy" for row in self.rows)

    def _find(self) -> "list[Found]":
        from desktop_agent.models.elsewhere import found_elsewhere

        usable = [each for each in found_elsewhere() if each.role == "chat" and not each.problem]
        return [each for each in usable if not self._app.library.holds(each)]

    def _show(self, found: "Sequence[Found]") -> None:
        self._looking = False
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = [self._row(each) for each in found]
        self._fold()
        self.setVisible(bool(self.rows))

    def _not_found(self, error: Exception) -> None:
        self._looking = False
        self.failed.emit(error)

    def _row(self, found: "Found") -> "FoundRow":
        row = FoundRow(found)
        row.pressed.connect(lambda: self.cancel() if row.state == "busy" else self._use(row))
        self._list.addWidget(row)
        return row

    def _fold(self) -> None:
        hidden = 0 if self._all else max(len(self.rows) - FEW, 0)
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(self.rows) - hidden)
        self.more_button.setText(self.tr("Show all {count}").format(count=len(self.rows)))
        self.more_button.setVisible(bool(hidden))

    def _show_all(self) -> None:
        self._all = True
        self._fold()

    def _use(self, row: "FoundRow") -> None:
        self._cancel = threading.Event()
        self._mark(row)
        library, tell = self._app.library, self._teller(row, self._cancel)
        self._background.run(lambda: library.adopt(row.found, tell).name, self._done, self._stopped, lane="pool")

    def _mark(self, busy: "FoundRow | None") -> None:
        for row in self.rows:
            row.show_state("busy" if row is busy else "blocked" if busy else "here")

    def _teller(self, row: "FoundRow", cancel: threading.Event) -> "Callable[[Progress], None]":
        told = 0.0

        def tell(progress: "Progress") -> None:
            nonlocal told
            if cancel.is_set():
                raise Cancelled("The user does not want it any more.")
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                self._background.post(row.show_progress, progress.done / max(progress.total, 1))

        return tell

    def _done(self, name: str) -> None:
        self._mark(None)
        self.used.emit(name)
        self.look()

    def _stopped(self, error: Exception) -> None:
        self._mark(None)
        if not isinstance(error, Cancelled):
            self.failed.emit(error)


class FoundRow(QFrame):
    """One found model; `pressed` comes from its button."""

    pressed = Signal()

    def __init__(self, found: "Found", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "card")
        self.found = found
        self.setToolTip(visible(str(found.paths[0]), kept=""))
        title = ElidedLabel()
        set_look(title, "strong")
        title.show_text(found.title)
        self.about = QLabel(f"{found.program} · {formats.size(found.bytes)}", textFormat=Qt.TextFormat.PlainText)
        set_look(self.about, "small")
        self.button = push_button("")
        self.button.clicked.connect(self.pressed)
        self.progress = QProgressBar(textVisible=False, maximum=1000, visible=False)
        self.progress.setAccessibleName(self.tr("Checking the file"))
        self._lay_out(title)
        self.show_state("here")

    def _lay_out(self, title: QLabel) -> None:
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(title)
        words.addWidget(self.about)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addLayout(words, 1)
        head.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 10, 14, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.progress)

    def show_state(self, state: str) -> None:
        """Show one of "here", "busy" (being checked) and "blocked" (another one is)."""
        self.state = state
        label = self.tr("Cancel") if state == "busy" else self.tr("Use")
        self.button.setText(label)
        self.button.setAccessibleName(f"{label}: {self.found.title}")
        self.button.setEnabled(state != "blocked")
        self.progress.setVisible(state == "busy")
        self.progress.setValue(0)

    def show_progress(self, part: float) -> None:
        """Show how much of the file is checked, from 0 to 1."""
        self.progress.setValue(round(1000 * part))
