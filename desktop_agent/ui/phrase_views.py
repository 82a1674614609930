"""A recovery phrase on the screen: all its words once, and three of them asked for again."""

import random
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_agent.ui import theme
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.composer import TextField
from desktop_agent.ui.fields import field, line, row, say

COLUMNS = 3
ASKED = 3


class PhraseGrid(QFrame):
    """The words, numbered, down one column after the other; they cannot be selected, so they reach no clipboard."""

    def __init__(self, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "sunken")
        self.setAccessibleName(self.tr("Recovery phrase"))
        grid = QGridLayout(self)
        grid.setContentsMargins(18, 12, 18, 12)
        grid.setHorizontalSpacing(10)
        rows = -(-len(words) // COLUMNS)
        for index, word in enumerate(words):
            column, place = divmod(index, rows)
            grid.addWidget(_number(index + 1), place, 2 * column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(_word(word, index + 1), place, 2 * column + 1)
        for column in range(COLUMNS):
            grid.setColumnStretch(2 * column + 1, 1)


def _number(number: int) -> QLabel:
    label = QLabel(f"{number}.")
    set_look(label, "small")
    return label


def _word(word: str, number: int) -> QLabel:
    label = QLabel(word, textFormat=Qt.TextFormat.PlainText)
    label.setFont(theme.current().font("code"))
    label.setAccessibleName(f"{number}. {word}")
    return label


class PhraseEntry(QWidget):
    """Where a whole phrase is typed; `entered` carries it."""

    entered = Signal(str)

    def __init__(self, action: str, cancel: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = TextField(self.tr("All the words of your phrase, in order"))
        self.field.edit.submitted.connect(self._enter)
        self.button = push_button(action, "primary")
        self.button.clicked.connect(self._enter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.field)
        layout.addLayout(row(cancel, self.button, at_end=2))
        self.setFocusProxy(self.field)

    def _enter(self) -> None:
        if text := self.field.edit.toPlainText().strip():
            self.entered.emit(text)


class PhraseQuiz(QWidget):
    """Asks for a few of the words; `passed` is emitted when all are right, `given_up` leads back to the words."""

    passed = Signal()
    given_up = Signal()

    def __init__(self, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        asked = sorted(random.SystemRandom().sample(range(len(words)), min(ASKED, len(words))))
        self.fields: dict[int, QLineEdit] = {}
        fields = QHBoxLayout()
        for index in asked:
            edit = self.fields[index] = field(self.tr("Word {number}").format(number=index + 1))
            edit.returnPressed.connect(self._check)
            fields.addWidget(edit)
        self.problem = line("", "danger")
        self.button = push_button(self.tr("Check"), "primary")
        self.button.clicked.connect(self._check)
        back = push_button(self.tr("Show the words again"))
        back.clicked.connect(self.given_up)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(fields)
        layout.addWidget(self.problem)
        layout.addLayout(row(back, self.button, at_end=1))
        self.setFocusProxy(self.fields[asked[0]])

    def _check(self) -> None:
        if all(edit.text().strip().casefold() == self._words[index].casefold() for index, edit in self.fields.items()):
            self.passed.emit()
        else:
            say(self.problem, self.tr("These are not the words. Please look at what you wrote down."), "danger")
