"""Which part of a program text is a keyword, a string, a comment; by pygments, in the theme's colours."""

from typing import TypeAlias

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from desktop_agent.ui import theme

Span: TypeAlias = tuple[int, int, str]
"""Start and length within a line, and the name of a colour."""

LONGEST = 60_000
"""Longer texts stay in one colour: lexing them would be felt."""


def spans(code: str, language: str) -> list[list[Span]]:
    """Return the coloured spans of every line; empty when the language is not known."""
    lexer = _lexer(language)
    if lexer is None or len(code) > LONGEST:
        return []
    lines: list[list[Span]] = [[]]
    column = 0
    for kind, text in lexer.get_tokens(code):
        colour = _colour(kind)
        for part_number, part in enumerate(text.split("\n")):
            if part_number:
                lines.append([])
                column = 0
            if colour and part:
                lines[-1].append((column, _units(part), colour))
            column += _units(part)
    return lines


def _units(text: str) -> int:
    """Return the length as Qt counts it, in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def _lexer(language: str):
    from pygments.lexers import get_lexer_by_name  # 30 ms: not before the first code block
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False) if language else None
    except ClassNotFound:
        return None


def _colour(kind) -> str:
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    for parent, colour in (
        (Comment, "code_comment"),
        (Name.Builtin, "code_function"),
        (Name.Function, "code_function"),
        (Name.Class, "code_type"),
        (Name.Decorator, "code_type"),
        (Name.Tag, "code_keyword"),
        (Name.Attribute, "code_type"),
        (Keyword.Type, "code_type"),
        (Keyword, "code_keyword"),
        (Operator.Word, "code_keyword"),
        (String, "code_string"),
        (Number, "code_number"),
    ):
        if kind in parent:
            return colour
    return ""


class Highlighter(QSyntaxHighlighter):
    """Paints spans onto a document."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._lines: list[list[Span]] = []
        theme.current().changed.connect(self.rehighlight)

    def show_spans(self, lines: list[list[Span]]) -> None:
        """Paint the document anew."""
        self._lines = lines
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        line = self.currentBlock().blockNumber()
        for start, length, colour in self._lines[line] if line < len(self._lines) else ():
            look = QTextCharFormat()
            look.setForeground(theme.current().colour(colour))
            self.setFormat(start, length, look)
