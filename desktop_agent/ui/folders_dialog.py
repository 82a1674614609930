"""Which folders the assistant may use."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.elided_label import ElidedLabel
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.note import Note
from desktop_agent.ui.sentences import told
from desktop_agent.ui.sheet import Sheet
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.storage.permissions import Grant


class FoldersDialog(Sheet):
    """Grants and revokes; `counted` carries how many folders are granted."""

    counted = Signal(int)

    def __init__(self, app: "App", background: Background, parent: QWidget) -> None:
        about = QCoreApplication.translate(
            "FoldersDialog",
            "It can use files in these folders and below them. It asks before it reads, "
            "and shows every change before it makes it.",
        )
        super().__init__(QCoreApplication.translate("FoldersDialog", "Folders the assistant may use"), about, parent)
        self._app, self._background = app, background
        self.setWindowTitle(self.tr("Folders"))
        self._refusal: Note | None = None
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.add_button = push_button(self.tr("Add a folder…"), "primary")
        self.add_button.clicked.connect(self._choose)
        close = push_button(self.tr("Close"))
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addStretch()
        buttons.addWidget(close)
        self.body.addLayout(self._rows)
        self.body.addSpacing(4)
        self.body.addLayout(buttons)
        self.refresh()

    def refresh(self) -> None:
        """Read the grants again."""
        self._background.run(lambda: list(self._app.folders.list()), done=self._show)

    def grant(self, path: str) -> None:
        """Grant a folder, or say why it cannot be."""
        self._background.run(lambda: self._app.folders.grant(path), done=lambda _: self._granted(), failed=self._refuse)

    def _choose(self) -> None:
        if path := QFileDialog.getExistingDirectory(self, self.tr("Choose a folder")):
            self.grant(path)

    def _granted(self) -> None:
        self._forget_refusal()
        self.refresh()

    def _refuse(self, error: Exception) -> None:
        self._forget_refusal()
        self._refusal = Note("failure", told(error))
        self.body.insertWidget(2, self._refusal)

    def _forget_refusal(self) -> None:
        if self._refusal:
            self._refusal.hide()
            self._refusal.deleteLater()
            self._refusal = None

    def _show(self, grants: "Sequence[Grant]") -> None:
        while item := self._rows.takeAt(0):
            item.widget().hide()
            item.widget().deleteLater()
        for grant in grants:
            self._rows.addWidget(self._row(grant))
        if not grants:
            nothing = QLabel(self.tr("No folder is shared so far."))
            set_look(nothing, "muted")
            self._rows.addWidget(nothing)
        self.counted.emit(len(grants))

    def _row(self, grant: "Grant") -> QFrame:
        row = QFrame()
        set_look(row, "card")
        name = ElidedLabel()
        name.show_text(visible(grant.path, kept=""))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.setSpacing(10)
        layout.addWidget(IconLabel("folder"))
        layout.addWidget(name, 1)
        if grant.conversation_id:
            scope = QLabel(self.tr("one chat"))
            set_look(scope, "small")
            layout.addWidget(scope)
        remove = IconButton("close", self.tr("Stop sharing {path}").format(path=name.full_text))
        remove.clicked.connect(lambda: self._revoke(grant.id))
        layout.addWidget(remove, 0, Qt.AlignmentFlag.AlignRight)
        return row

    def _revoke(self, grant_id: int) -> None:
        self._background.run(lambda: self._app.folders.revoke(grant_id), done=lambda _: self.refresh())
