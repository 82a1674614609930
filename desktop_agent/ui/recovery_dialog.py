"""The recovery phrase: making it, showing it once, and checking that the user still has it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import push_button
from desktop_agent.ui.fields import field, line, row, say
from desktop_agent.ui.phrase_views import PhraseEntry, PhraseGrid, PhraseQuiz
from desktop_agent.ui.sentences import told
from desktop_agent.ui.sheet import Sheet

if TYPE_CHECKING:
    from desktop_agent.paths import Paths
    from desktop_agent.settings.recovery import RecoveryStatus

LANGUAGES = {"English": "english", "中文": "chinese_simplified"}


class RecoveryDialog(Sheet):
    """`confirmed` is emitted when the user has shown that the phrase is written down."""

    confirmed = Signal()

    def __init__(self, paths: "Paths", background: Background, parent: QWidget) -> None:
        super().__init__(*_words(), parent)
        self.setWindowTitle(self.tr("Recovery phrase"))
        self._paths, self._background = paths, background
        self._page: QWidget | None = None
        self.state = line(self.tr("Looking…"), "small")
        self.problem = line("", "danger")
        self.body.addWidget(self.state)
        self.body.addWidget(self.problem)
        self._background.run(self._status, done=self._begin)

    def check(self) -> None:
        """Ask for the whole phrase."""
        self.entry = PhraseEntry(self.tr("Check"), self._close())
        self.entry.entered.connect(self._confirm)
        self._show(self.entry)

    def _status(self) -> "RecoveryStatus":
        from desktop_agent.settings import recovery

        return recovery.status(self._paths)

    def _begin(self, status: "RecoveryStatus") -> None:
        self._show_state(status)
        if self._page is None:
            self._show(self._choosing(status))

    def _show_state(self, status: "RecoveryStatus") -> None:
        self._exists = status.exists
        if not status.exists:
            text = self.tr("There is no recovery phrase yet.")
        elif not status.confirmed_on:
            text = self.tr("Made on {date}, but never checked.").format(date=formats.day(status.made_on))
        else:
            text = self.tr("Made on {date}, last checked on {checked}.").format(
                date=formats.day(status.made_on), checked=formats.day(status.confirmed_on)
            )
        say(self.state, text, "small")

    def _show(self, page: QWidget) -> None:
        """Put a page in the place of the one before."""
        if self._page:
            self._page.hide()
            self._page.deleteLater()
        self._page = page
        say(self.problem, "")
        self.body.addWidget(page)
        page.setFocus()

    def _choosing(self, status: "RecoveryStatus") -> QWidget:
        self.language = QComboBox()
        self.language.addItems(list(LANGUAGES))
        self.language.setAccessibleName(self.tr("Language of the words"))
        self.passphrase = field(self.tr("Your passphrase"), secret=True)
        self.passphrase.hide()
        self.passphrase.returnPressed.connect(self._make)
        make = self.tr("Make a new phrase") if status.exists else self.tr("Make the phrase")
        self.make_button = self._button(make, self._make, "" if status.exists else "primary")
        self.check_button = self._button(self.tr("Check my phrase…"), self.check, "primary")
        self.check_button.setVisible(status.exists)
        replaces = self.tr("A new phrase takes the place of the old one, which then opens nothing.")
        page, layout = _page()
        label = QLabel(self.tr("Language of the words"))
        label.setBuddy(self.language)
        layout.addWidget(label)
        layout.addWidget(self.language)
        layout.addWidget(line(replaces if status.exists else "", "small"))
        layout.addWidget(self.passphrase)
        layout.addLayout(row(self._close(), self.make_button, self.check_button, at_end=2))
        page.setFocusProxy(self.check_button if status.exists else self.make_button)
        return page

    def _make(self) -> None:
        from desktop_agent.settings import recovery

        self.make_button.setEnabled(False)
        language, passphrase = LANGUAGES[self.language.currentText()], self.passphrase.text()
        current = (lambda: passphrase) if passphrase else None
        self._background.run(
            lambda: recovery.make_phrase(self._paths, current, language), done=self._made, failed=self._not_made
        )

    def _not_made(self, error: Exception) -> None:
        from desktop_agent.settings.secrets import PassphraseNeeded

        self.make_button.setEnabled(True)
        self.passphrase.setVisible(isinstance(error, PassphraseNeeded) or self.passphrase.isVisible())
        self.passphrase.setFocus()
        needed = self.tr("Your chats open with a passphrase; it is needed once more here.")
        say(self.problem, needed if isinstance(error, PassphraseNeeded) else told(error), "danger")

    def _made(self, phrase: str) -> None:
        self._phrase = phrase
        self._background.run(self._status, done=self._show_state)
        self._show_words()

    def _show_words(self) -> None:
        page, layout = _page()
        layout.addWidget(line(self.tr("Write these words down on paper, in this order. They are shown only now.")))
        self.grid = PhraseGrid(self._phrase.split())
        layout.addWidget(self.grid)
        self.written_button = self._button(self.tr("I have written them down"), self._ask_words, "primary")
        layout.addLayout(row(self._close(), self.written_button, at_end=1))
        page.setFocusProxy(self.written_button)
        self._show(page)

    def _ask_words(self) -> None:
        self.quiz = PhraseQuiz(self._phrase.split())
        self.quiz.passed.connect(lambda: self._confirm(self._phrase))
        self.quiz.given_up.connect(self._show_words)
        self._show(self.quiz)

    def _confirm(self, phrase: str) -> None:
        from desktop_agent.settings import recovery

        self._background.run(
            lambda: recovery.confirm(self._paths, phrase),
            done=lambda _: self._kept(),
            failed=lambda error: self._refuse(told(error)),
        )

    def _refuse(self, text: str) -> None:
        say(self.problem, text, "danger")

    def _kept(self) -> None:
        self._phrase = ""
        page, layout = _page()
        layout.addWidget(line(self.tr("That is right. Keep the paper where nobody else finds it.")))
        close = self._close()
        layout.addLayout(row(close, at_end=1))
        page.setFocusProxy(close)
        self._show(page)
        self._background.run(self._status, done=self._show_state)
        self.confirmed.emit()

    def _button(self, text: str, press: Callable[[], None], look: str = "") -> QPushButton:
        button = push_button(text, look)
        button.clicked.connect(press)
        return button

    def _close(self) -> QPushButton:
        return self._button(self.tr("Close"), self.accept)


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(12)
    layout.setAlignment(Qt.AlignmentFlag.AlignTop)
    return page, layout


def _words() -> tuple[str, str]:
    translate = QCoreApplication.translate
    return (
        translate("RecoveryDialog", "Recovery phrase"),
        translate(
            "RecoveryDialog",
            "24 words that open your chats when the passphrase is forgotten or the keyring is lost. "
            "Whoever has them can read everything, so they belong on paper and not into a file or a photo.",
        ),
    )
