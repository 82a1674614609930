"""Asking for a passphrase: once to open, twice to set one."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.sheet import Sheet

SHORTEST = 8


class PassphraseDialog(Sheet):
    """`entered` carries the passphrase. With `twice` it is being chosen and must be typed a second time."""

    entered = Signal(str)

    def __init__(self, *, twice: bool, parent: QWidget | None = None) -> None:
        title, about = _words(twice)
        super().__init__(title, about, parent)
        self._twice = twice
        self.setWindowTitle(title)
        self.first = self._field(self.tr("Passphrase"))
        self.second = self._field(self.tr("The same again"))
        self.second.setVisible(twice)
        self.problem = QLabel(wordWrap=True, visible=False)
        set_look(self.problem, "danger")
        for widget in (self.first, self.second, self.problem):
            self.body.addWidget(widget)
        self.body.addLayout(self._buttons())

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit(placeholderText=name, echoMode=QLineEdit.EchoMode.Password)
        field.setAccessibleName(name)
        field.returnPressed.connect(self._accept)
        return field

    def _buttons(self) -> QHBoxLayout:
        self.button = push_button(self.tr("Set passphrase") if self._twice else self.tr("Open"), "primary")
        self.button.clicked.connect(self._accept)
        cancel = push_button(self.tr("Cancel") if self._twice else self.tr("Quit"))
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self.button)
        return buttons

    def show_problem(self, text: str) -> None:
        """Say why the passphrase was not taken, and let the user type it again."""
        self.problem.setText(text)
        self.problem.show()
        self.fit()
        self.button.setEnabled(True)
        self.first.selectAll()
        self.first.setFocus()

    def _accept(self) -> None:
        text = self.first.text()
        if self._twice and len(text) < SHORTEST:
            self.show_problem(self.tr("Please take at least %n characters.", "", SHORTEST))
        elif self._twice and text != self.second.text():
            self.show_problem(self.tr("The two are not the same."))
        elif text:
            self.button.setEnabled(False)
            self.entered.emit(text)


def _words(twice: bool) -> tuple[str, str]:
    translate = QCoreApplication.translate
    if not twice:
        return (
            translate("PassphraseDialog", "Your chats are locked"),
            translate("PassphraseDialog", "Enter your passphrase to open them."),
        )
    return (
        translate("PassphraseDialog", "Set a passphrase"),
        translate(
            "PassphraseDialog",
            "From the next start on, your chats open with this passphrase only. Nobody can recover it for you.",
        ),
    )
