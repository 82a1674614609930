"""Small pieces of dialogs: lines of text, fields with a name, a problem that appears when there is one."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton

from desktop_agent.ui.buttons import set_look

LONG_WORD = re.compile(r"[!-~]{24}(?=[!-~])")


def line(text: str, look: str = "") -> QLabel:
    """Return a wrapping label, hidden while it is empty."""
    label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText, visible=bool(text))
    set_look(label, look)
    return label


def say(label: QLabel, text: str, look: str = "") -> None:
    """Change a line; an empty text hides it."""
    label.setText(text)
    label.setVisible(bool(text))
    set_look(label, look)


def breakable(text: str) -> str:
    """Return a text whose long words, such as paths, may be broken: a label is never narrower than a word."""
    return LONG_WORD.sub("\\g<0>\u200b", text)


def field(name: str, *, secret: bool = False, text: str = "") -> QLineEdit:
    """Return a field that names itself while it is empty, and to screen readers."""
    edit = QLineEdit(text, placeholderText=name)
    edit.setAccessibleName(name)
    if secret:
        edit.setEchoMode(QLineEdit.EchoMode.Password)
    return edit


def row(*buttons: QPushButton, at_end: int = 0) -> QHBoxLayout:
    """Return buttons in a row, the last `at_end` of them on the far side."""
    layout = QHBoxLayout()
    for number, button in enumerate(buttons):
        if number == len(buttons) - at_end:
            layout.addStretch()
        layout.addWidget(button)
    if not at_end:
        layout.addStretch()
    return layout
