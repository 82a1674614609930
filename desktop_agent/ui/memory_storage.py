"""What is stored where, and how large it is."""

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.elided_label import ElidedLabel
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.memory_latest import Latest
from desktop_agent.ui.memory_shelf import Shelf
from desktop_agent.ui.sentences import told
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.desk import MemoryStats

translate = QCoreApplication.translate
WATCH_MS = 1_500
"""How often the figures are read again while the index is busy and in sight."""


class Place(QFrame):
    """One thing that is stored: its name, its size, a sentence, and where it is."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "card")
        title = QLabel(name)
        set_look(title, "strong")
        self.size_label, self.about, self.where = QLabel(), QLabel(wordWrap=True), ElidedLabel()
        for label in (self.size_label, self.about, self.where):
            set_look(label, "small")
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body = QGridLayout(self)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setHorizontalSpacing(12)
        self.body.setVerticalSpacing(4)
        self.body.addWidget(IconLabel(icon), 0, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addWidget(title, 0, 1)
        self.body.addWidget(self.size_label, 0, 2, Qt.AlignmentFlag.AlignRight)
        self.body.addWidget(self.about, 1, 1, 1, 2)
        self.body.addWidget(self.where, 2, 1, 1, 2)
        self.body.setColumnStretch(1, 1)

    def fill(self, about: str, where: str = "", size: int = 0) -> None:
        """Show how it is now."""
        self.about.setText(about)
        self.where.show_text(visible(where, kept=""))
        self.where.setVisible(bool(where))
        self.size_label.setText(formats.size(size) if size else "")


class Storage(QWidget):
    """All places. `rebuild_wanted` says that the index shall be made again."""

    rebuild_wanted = Signal()

    def __init__(self, stats: "MemoryStats", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = Place("bookmark", self.tr("What is remembered"))
        self.database = Place("database", self.tr("Database"))
        self.index = Place("search", self.tr("Search index"))
        self.backups = Place("archive", self.tr("Backups"))
        self.key = Place("key", self.tr("Key"))
        self.progress = QProgressBar(textVisible=False)
        self.progress.setAccessibleName(self.tr("Indexed"))
        self.problem = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        set_look(self.problem, "danger")
        self.rebuild = push_button(self.tr("Rebuild index"))
        self.rebuild.clicked.connect(self._rebuild)
        self.index.body.addWidget(self.progress, 3, 1, 1, 2)
        self.index.body.addWidget(self.problem, 4, 1, 1, 2)
        self.index.body.addWidget(self.rebuild, 5, 1, 1, 2, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for place in (self.words, self.database, self.index, self.backups, self.key):
            layout.addWidget(place)
        self.fill(stats)

    def fill(self, stats: "MemoryStats") -> None:
        """Show how it is now."""
        self.words.fill(self._counts(stats))
        sealed = self.tr("Every message, memory and title, encrypted. Whoever has no key can read nothing of it.")
        self.database.fill(sealed, str(stats.database_path), stats.database_bytes)
        copies = self.tr("Encrypted copies of the database, from the last days.")
        none = self.tr("There is no copy yet.")
        self.backups.fill(copies if stats.backups_bytes else none, str(stats.backups_path), stats.backups_bytes)
        self.key.fill(_key_place(stats.key_place))
        self._fill_index(stats)

    def _counts(self, stats: "MemoryStats") -> str:
        parts = (
            self.tr("%Ln messages from your chats", "", stats.turns),
            self.tr("%Ln saved memories", "", stats.saved),
            self.tr("%Ln suggestions", "", stats.suggestions),
        )
        return " · ".join(parts)

    def _fill_index(self, stats: "MemoryStats") -> None:
        where = str(stats.index_path or stats.place)
        self.index.fill(_index_state(stats), where, stats.index_bytes)
        self.progress.setRange(0, max(stats.total, 1))
        self.progress.setValue(stats.indexed)
        self.progress.setVisible(stats.busy)
        self.problem.setText(told(stats.problem))
        self.problem.setVisible(bool(stats.problem))
        self.rebuild.setVisible(bool(stats.embedder))
        self.rebuild.setEnabled(not stats.busy)
        self.rebuild.setText(self.tr("Rebuilding…") if stats.busy else self.tr("Rebuild index"))

    def _rebuild(self) -> None:
        self.rebuild.setEnabled(False)
        self.rebuild_wanted.emit()


class StorageSection(QWidget):
    """Reads the figures when it comes into sight, and again while the index is busy."""

    said = Signal(str, str, object)

    def __init__(self, app: "App", background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app, self._background = app, background
        self._latest = Latest(background)
        self.shelf = Shelf(self._make, "database", self.tr("Storage"))
        self.shelf.say(self.tr("Reading…"))
        self._watching = QTimer(self, singleShot=True, interval=WATCH_MS)
        self._watching.timeout.connect(lambda: self.refresh() if self.isVisible() else None)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.shelf)

    def refresh(self) -> None:
        """Read the figures again."""
        self._latest.run(self._app.desk.stats, self._show, self._fail, lane="pool")

    def _show(self, stats: "MemoryStats") -> None:
        self.shelf.show_items({"all": stats})
        if stats.busy:
            self._watching.start()

    def _make(self, stats: "MemoryStats") -> Storage:
        storage = Storage(stats)
        storage.rebuild_wanted.connect(self._rebuild)
        return storage

    def _rebuild(self) -> None:
        self._background.run(self._app.desk.rebuild, done=lambda _: self._rebuilding(), failed=self._fail, lane="pool")

    def _rebuilding(self) -> None:
        self.said.emit(self.tr("The index is being made again. You can go on meanwhile."), "", None)
        self.refresh()

    def _fail(self, error: Exception) -> None:
        self.shelf.show_failure(told(error), self.tr("Try again"), self.refresh)


_MARKS = re.compile(r"-\d+-v\d+-\w+$")
"""What tells one file of an embedder from another: its size, and how its texts are prepared."""


def _key_place(place: str) -> str:
    return {
        "keyring": translate("Storage", "Opens the database. It is in this computer's keyring."),
        "file": translate(
            "Storage", "Opens the database. It is in a file that only this account can read, for want of a keyring."
        ),
        "passphrase": translate("Storage", "Opens the database. It is sealed with your passphrase."),
    }.get(place, "")


def _index_state(stats: "MemoryStats") -> str:
    if not stats.embedder:
        return translate("Storage", "Without a memory model, memories are found by their words, not by their meaning.")
    pattern = translate("Storage", "Finds what was said by its meaning. {done} of {total} are indexed, with {model}.")
    done, total = formats.number(stats.indexed), formats.number(stats.total)
    return pattern.format(done=done, total=total, model=_MARKS.sub("", stats.embedder))
