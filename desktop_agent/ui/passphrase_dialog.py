"""Asking for a passphrase: once to open something, twice to choose one."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_agent.ui.buttons import push_button
from desktop_agent.ui.fields import field, line, row, say
from desktop_agent.ui.sheet import Sheet

SHORTEST = 8


@dataclass(frozen=True)
class Wording:
    """What the dialog says, and what is on its two buttons."""

    title: str
    about: str
    action: str
    cancel: str


class PassphraseDialog(Sheet):
    """`entered` carries the passphrase. With `twice` it is being chosen and must be typed a second time.

    `recovery_wanted` is emitted by the link that is there when the user's chats are to be opened. The dialog stays
    until it is accepted, or told of a problem.
    """

    entered = Signal(str)
    recovery_wanted = Signal()

    def __init__(self, *, twice: bool, parent: QWidget | None = None, wording: Wording | None = None) -> None:
        opens_chats = wording is None and not twice
        wording = wording or (_choosing() if twice else _opening())
        super().__init__(wording.title, wording.about, parent)
        self._twice = twice
        self.setWindowTitle(wording.title)
        self.first = field(self.tr("Passphrase"), secret=True)
        self.second = field(self.tr("The same again"), secret=True)
        self.second.setVisible(twice)
        self.problem = line("", "danger")
        for widget in (self.first, self.second, self.problem):
            self.body.addWidget(widget)
        for edit in (self.first, self.second):
            edit.returnPressed.connect(self._accept)
        self.recover = push_button(self.tr("Use the recovery phrase…"), "link")
        self.recover.clicked.connect(self.recovery_wanted)
        self.recover.setVisible(opens_chats)
        self.body.addLayout(self._buttons(wording))

    def _buttons(self, wording: Wording) -> QHBoxLayout:
        self.button = push_button(wording.action, "primary")
        self.button.clicked.connect(self._accept)
        cancel = push_button(wording.cancel)
        cancel.clicked.connect(self.reject)
        return row(self.recover, cancel, self.button, at_end=2)

    def show_problem(self, text: str) -> None:
        """Say why the passphrase was not taken, and let the user type it again."""
        say(self.problem, text, "danger")
        self.button.setEnabled(True)
        self.first.selectAll()
        self.first.setFocus()

    def _accept(self) -> None:
        text = self.first.text()
        if not self.button.isEnabled():
            return
        if self._twice and len(text) < SHORTEST:
            self.show_problem(self.tr("Please take at least %n characters.", "", SHORTEST))
        elif self._twice and text != self.second.text():
            self.show_problem(self.tr("The two are not the same."))
        elif text:
            self.button.setEnabled(False)
            self.entered.emit(text)


def _opening() -> Wording:
    return Wording(
        translate("PassphraseDialog", "Your chats are locked"),
        translate("PassphraseDialog", "Enter your passphrase to open them."),
        translate("PassphraseDialog", "Open"),
        translate("PassphraseDialog", "Quit"),
    )


def _choosing() -> Wording:
    return Wording(
        translate("PassphraseDialog", "Set a passphrase"),
        translate(
            "PassphraseDialog",
            "From the next start on, your chats open with this passphrase only. "
            "Nobody can recover it for you, unless you have a recovery phrase.",
        ),
        translate("PassphraseDialog", "Set passphrase"),
        translate("PassphraseDialog", "Cancel"),
    )


translate = QCoreApplication.translate
