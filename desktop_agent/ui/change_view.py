"""What a change would do, before it is done: a diff, or where something goes."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_agent.approvals import Preview
from desktop_agent.ui import formats, theme
from desktop_agent.ui.buttons import set_look
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.long_text import LongText
from desktop_agent.ui.text_view import TextView
from desktop_agent.visible import visible

LINES = 18
ICONS = {"create": "plus", "edit": "pencil", "move": "move", "delete": "trash", "note": "note", "reminder": "bell"}
SOFT = {"+": "accent_soft", "-": "danger_soft"}
"""The colour behind a line of a diff, by how it begins."""


class ChangeView(QFrame):
    """Shows a Preview."""

    def __init__(self, preview: Preview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "sunken")
        self.preview = preview
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 9, 12, 9)
        layout.setSpacing(6)
        layout.addLayout(self._head())
        layout.addLayout(self._places())
        self.diff: DiffView | None = None
        if preview.text:
            self.diff = DiffView(preview.text)
            layout.addWidget(self.diff)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconLabel(ICONS[self.preview.kind], "text"))
        title = QLabel(self._title(), textFormat=Qt.TextFormat.PlainText)
        set_look(title, "strong")
        head.addWidget(title)
        head.addStretch()
        for count, sign, look in ((self.preview.added, "+", "added"), (self.preview.removed, "−", "removed")):
            if count:
                label = QLabel(f"{sign}{formats.number(count)}")
                label.setAccessibleName(self._count(sign, count))
                set_look(label, look)
                head.addWidget(label)
        return head

    def _title(self) -> str:
        return {
            "create": self.tr("A new file"),
            "edit": self.tr("A file is changed"),
            "move": self.tr("A file is moved"),
            "delete": self.tr("A file is deleted"),
            "note": self.tr("Your notes change"),
            "reminder": self.tr("Your reminders change"),
        }[self.preview.kind]

    def _count(self, sign: str, count: int) -> str:
        return self.tr("%Ln lines added", "", count) if sign == "+" else self.tr("%Ln lines removed", "", count)

    def _places(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        names = (self.tr("From"), self.tr("To"))
        for row, (name, place) in enumerate(zip(names, (self.preview.label, self.preview.other), strict=True)):
            if self.preview.kind == "move":
                label = QLabel(name)
                set_look(label, "muted")
                grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(_place(place), row, 1)
            elif place:
                grid.addWidget(_place(place), row, 0, 1, 2)
        return grid


class DiffView(LongText):
    """A unified diff without its head: what is added and what goes away each in its colour, in both themes."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(visible(text.rstrip("\n")), "", LINES, parent)
        self.view.setAccessibleName(self.tr("The change, line by line"))
        theme.current().changed.connect(self._colour)
        self._colour()

    def _colour(self) -> None:
        cursor = QTextCursor(self.view.document())
        cursor.beginEditBlock()
        block = self.view.document().begin()
        while block.isValid():
            cursor.setPosition(block.position())
            _colour_line(cursor, block.text())
            block = block.next()
        cursor.endEditBlock()


def _colour_line(cursor: QTextCursor, line: str) -> None:
    colours = theme.current()
    behind, ink = QTextBlockFormat(), QTextCharFormat()
    if soft := SOFT.get(line[:1]):
        behind.setBackground(colours.colour(soft))
    cursor.setBlockFormat(behind)
    ink.setForeground(colours.colour("muted" if line.startswith(("@@", "\\")) else "text"))
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.setCharFormat(ink)


def _place(text: str) -> TextView:
    view = TextView("code")
    view.show_plain(visible(text, kept=""))
    return view
