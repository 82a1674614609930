"""Backups of the database, and archives of everything."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.fields import line, row, say
from desktop_agent.ui.passphrase_dialog import PassphraseDialog, Wording
from desktop_agent.ui.sentences import told
from desktop_agent.ui.sheet import Sheet

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.storage.archive import ImportReport
    from desktop_agent.storage.backup import Backup

LIST_HEIGHT = 170
ENDING = ".age"


class BackupsDialog(Sheet):
    """Lists the backups and makes one; exports and imports."""

    def __init__(self, app: "App", background: Background, parent: QWidget) -> None:
        super().__init__(*_words(), parent)
        self.setWindowTitle(self.tr("Backups and export"))
        self._app, self._background = app, background
        self.said = line("", "small")
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.progress = QProgressBar(textVisible=False, maximum=0, visible=False)
        self.progress.setAccessibleName(self.tr("Working"))
        self.body.addWidget(self._list())
        self.body.addLayout(self._schedule())
        self.body.addWidget(self.progress)
        self.body.addWidget(self.said)
        self.body.addSpacing(4)
        self.body.addLayout(self._buttons())
        self.refresh()

    def refresh(self) -> None:
        """Read the list of backups again."""
        self._background.run(self._app.desk.backups, done=self._show, failed=self._fail, lane="pool")

    def back_up(self) -> None:
        """Make a backup now."""
        self._work(self._app.desk.backup_now, lambda _: self._say(self.tr("The backup is made.")))

    def export(self, path: Path) -> None:
        """Ask for a new passphrase, and write everything into an archive that it opens."""
        about = self.tr("Choose a passphrase for {file}. Without it nobody can open the archive.")
        wording = self._wording(about.format(file=path.name), self.tr("Export"))
        said = self.tr("Everything is in {file}. Only its passphrase opens it.").format(file=path.name)
        self._ask(wording, lambda words: self._app.desk.export(path, words), lambda _: said, twice=True)

    def import_archive(self, path: Path) -> None:
        """Ask for an archive's passphrase, and add what it holds."""
        about = self.tr("Enter the passphrase of {file}.").format(file=path.name)
        wording = self._wording(about, self.tr("Import"))
        self._ask(wording, lambda words: self._app.desk.import_archive(path, words), self._imported, twice=False)

    def _list(self) -> QWidget:
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self._rows.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFixedHeight(LIST_HEIGHT)
        area.setAccessibleName(self.tr("Backups"))
        area.setWidget(inside)
        return area

    def _schedule(self) -> QHBoxLayout:
        self.copies = QSpinBox(minimum=0, maximum=365, value=self._app.settings.backup_copies)
        self.copies.setAccessibleName(self.tr("Daily copies to keep"))
        self.copies.setSpecialValueText(self.tr("none"))
        self.copies.valueChanged.connect(self._keep_copies)
        label = QLabel(self.tr("Daily copies to keep"))
        label.setBuddy(self.copies)
        self.backup_button = self._button(self.tr("Back up now"), self.back_up)
        layout = QHBoxLayout()
        layout.addWidget(label)
        layout.addWidget(self.copies)
        layout.addStretch()
        layout.addWidget(self.backup_button)
        return layout

    def _buttons(self) -> QHBoxLayout:
        self.export_button = self._button(self.tr("Export everything…"), self._choose_export)
        self.import_button = self._button(self.tr("Import…"), self._choose_import)
        close = self._button(self.tr("Close"), self.accept)
        return row(self.export_button, self.import_button, close, at_end=1)

    def _button(self, text: str, press: Callable[[], None]) -> QPushButton:
        button = push_button(text)
        button.clicked.connect(press)
        return button

    def _show(self, backups: "Sequence[Backup]") -> None:
        while item := self._rows.takeAt(0):
            item.widget().hide()
            item.widget().deleteLater()
        for backup in backups:
            self._rows.addWidget(self._row(backup))
        if not backups:
            self._rows.addWidget(line(self.tr("There is no backup yet. One is made each day."), "muted"))

    def _row(self, backup: "Backup") -> QFrame:
        frame = QFrame()
        set_look(frame, "sunken")
        chats = self.tr("cannot be opened")
        if backup.conversations is not None:
            chats = self.tr("%n chat(s)", "", backup.conversations)
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(12, 5, 12, 5)
        layout.addWidget(QLabel(formats.moment(backup.made_at)))
        layout.addStretch()
        about = QLabel(f"{chats} · {formats.size(backup.bytes)}")
        set_look(about, "small" if backup.conversations is not None else "warning")
        layout.addWidget(about)
        restore = push_button(self.tr("Restore…"), "link")
        restore.setAccessibleName(f"{restore.text()} {formats.moment(backup.made_at)}")
        restore.clicked.connect(lambda: self._explain_restore(backup))
        restore.setVisible(backup.conversations is not None)
        layout.addWidget(restore)
        return frame

    def _explain_restore(self, backup: "Backup") -> None:
        """Nothing may use the database while it is replaced, so it is done in the terminal."""
        hint = self.tr(
            "To go back to this backup, close the program and run the command below. "
            "What is there now is kept beside the backups."
        )
        say(self.said, f"{hint}\n\ndesktop-agent backup restore {backup.name}")

    def _keep_copies(self, count: int) -> None:
        self._background.run(
            lambda: self._app.save_settings(self._app.settings.model_copy(update={"backup_copies": count}))
        )

    def _choose_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export everything"), f"desktop-agent{ENDING}", self.tr("Archives (*.age)")
        )
        if name:
            self.export(Path(name) if Path(name).suffix else Path(name + ENDING))

    def _choose_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Import"), "", self.tr("Archives (*.age)"))
        if name:
            self.import_archive(Path(name))

    def _wording(self, about: str, action: str) -> Wording:
        return Wording(self.tr("Passphrase of the archive"), about, action, self.tr("Cancel"))

    def _ask(
        self, wording: Wording, work: Callable[[str], object], said: Callable[[object], str], *, twice: bool
    ) -> None:
        """Ask for a passphrase until `work` can use it, then show what `said` makes of its result."""
        dialog = PassphraseDialog(twice=twice, parent=self, wording=wording)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def done(result: object) -> None:
            dialog.accept()
            self._say(said(result))

        def failed(error: Exception) -> None:
            self._set_busy(False)
            dialog.show_problem(told(error))

        dialog.entered.connect(lambda words: self._work(lambda: work(words), done, failed))
        dialog.open()

    def _work(
        self,
        work: Callable[[], object],
        done: Callable[[object], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do something that takes a while; nothing else can be begun meanwhile."""
        self._set_busy(True)
        self._background.run(work, done=done, failed=failed or self._fail, lane="pool")

    def _set_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        for button in (self.backup_button, self.export_button, self.import_button):
            button.setEnabled(not busy)
        if busy:
            say(self.said, "")

    def _say(self, text: str, look: str = "small") -> None:
        self._set_busy(False)
        say(self.said, text, look)
        self.refresh()

    def _fail(self, error: Exception) -> None:
        self._set_busy(False)
        say(self.said, told(error), "danger")

    def _imported(self, report: "ImportReport") -> str:
        imported = self.tr("Imported: {chats}, {memories}.").format(
            chats=self.tr("%n chat(s)", "", report.conversations), memories=self.tr("%n memory(s)", "", report.memories)
        )
        known = self.tr("%n entry(s) were here already.", "", report.known) if report.known else ""
        forgotten = self.tr("%n entry(s) stay forgotten.", "", report.forgotten) if report.forgotten else ""
        return " ".join(filter(None, (imported, known, forgotten)))


def _words() -> tuple[str, str]:
    translate = QCoreApplication.translate
    return (
        translate("BackupsDialog", "Backups and export"),
        translate(
            "BackupsDialog",
            "Backups are copies of the encrypted database on this computer, and open with the same key. "
            "An export opens anywhere, with a passphrase of its own.",
        ),
    )
