"""Opening chats with the recovery phrase, where the passphrase is forgotten."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import push_button
from desktop_agent.ui.fields import line, say
from desktop_agent.ui.phrase_views import PhraseEntry
from desktop_agent.ui.sentences import told
from desktop_agent.ui.sheet import Sheet

if TYPE_CHECKING:
    from desktop_agent.paths import Paths


class RecoverDialog(Sheet):
    """`recovered` is emitted when the key is there again, with what the user should know about its place."""

    recovered = Signal(str)

    def __init__(self, paths: "Paths", background: Background, parent: QWidget) -> None:
        translate = QCoreApplication.translate
        about = translate(
            "RecoverDialog", "Type the words that you wrote down. Afterwards, set a new passphrase in the settings."
        )
        super().__init__(translate("RecoverDialog", "Use the recovery phrase"), about, parent)
        self.setWindowTitle(self.tr("Recovery phrase"))
        self._paths, self._background = paths, background
        cancel = push_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.entry = PhraseEntry(self.tr("Open"), cancel)
        self.entry.entered.connect(self._recover)
        self.problem = line("", "danger")
        self.body.addWidget(self.problem)
        self.body.addWidget(self.entry)
        self.entry.setFocus()

    def _recover(self, phrase: str) -> None:
        from desktop_agent.settings import recovery

        self.entry.setEnabled(False)
        self._background.run(lambda: recovery.recover(self._paths, phrase), done=self._done, failed=self._refuse)

    def _done(self, notice: str) -> None:
        self.accept()
        self.recovered.emit(notice)

    def _refuse(self, error: Exception) -> None:
        self.entry.setEnabled(True)
        self.entry.setFocus()
        say(self.problem, told(error), "danger")
