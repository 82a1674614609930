"""Forgetting everything about something: type words, look at all that is found, tick, and it is gone for good."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from desktop_agent.ui import icons
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.memory_box import Box
from desktop_agent.ui.memory_latest import Latest
from desktop_agent.ui.memory_shelf import Shelf
from desktop_agent.ui.memory_trace import Trace, TraceRow, traces
from desktop_agent.ui.sentences import told
from desktop_agent.ui.sheet import Sheet

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.desk import ForgetReport

SEARCH_MS = 220
SIZE = (620, 640)
RELATED = 12
"""How many memories are offered besides those that have the words: of a like meaning, or said beside them."""

translate = QCoreApplication.translate


class ForgetDialog(Sheet):
    """`forgotten` carries a sentence that says how much is gone. With `words`, they are looked for at once."""

    forgotten = Signal(str)

    def __init__(self, app: "App", background: Background, parent: QWidget, words: str = "") -> None:
        about = translate(
            "ForgetDialog",
            "What you tick is emptied in its chat and goes from the memories, the index and the backups. "
            "It cannot be brought back.",
        )
        super().__init__(translate("ForgetDialog", "Forget everything about…"), about, parent)
        self.setWindowTitle(self.tr("Forget"))
        self._app, self._background = app, background
        self._latest = Latest(background)
        self._traces: dict[str, Trace] = {}
        self._ticked: set[str] = set()
        self._later = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._later.timeout.connect(self.look)
        self.finished.connect(lambda _result: self._latest.drop())
        self._build()
        self._invite()
        self.search.setText(words)
        if words:
            self.look()

    def _build(self) -> None:
        buttons = self._buttons()  # made first: the rows come and go, and Tab shall lead from the last one to these
        self.search = QLineEdit(placeholderText=self.tr("A name, a place, a number…"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.tr("Words to look for"))
        self.search.addAction(QAction(icons.icon("search", "muted"), "", self.search), _LEADING)
        self.search.textChanged.connect(lambda _words: self._look_later())
        self.all = Box()
        self.all.clicked.connect(self._tick_all)
        self.shelf = Shelf(self._make, "search", self.tr("What was found"), narrow=True)
        set_look(self.shelf, "framed")
        self.body.addWidget(self.search)
        self.body.addWidget(self.all)
        self.body.addWidget(self.shelf, 1)
        self.problem = QLabel(wordWrap=True, visible=False)
        set_look(self.problem, "danger")
        self.body.addWidget(self.problem)
        self.body.addLayout(buttons)
        self.search.setFocus()

    def _buttons(self) -> QHBoxLayout:
        cancel = push_button(self.tr("Cancel"))
        cancel.setParent(self)
        cancel.clicked.connect(self.reject)
        self.button = push_button("", "danger")
        self.button.setParent(self)
        self.button.clicked.connect(self._forget)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self.button)
        return buttons

    def fit(self) -> None:
        """Take as much room as there is, up to a comfortable size."""
        room = self.screen().availableGeometry()
        self.resize(min(SIZE[0], room.width() - 40), min(SIZE[1], room.height() - 60))

    def follow(self) -> None:
        """Keep the size, whatever is found."""

    def reject(self) -> None:
        if self.isEnabled():  # otherwise it is forgetting, and says soon how much
            super().reject()

    def look(self) -> None:
        """Look for the words."""
        words = self.search.text().strip()
        if not words:
            self._latest.drop()
            self._invite()
            return
        desk = self._app.desk
        self._latest.run(
            lambda: traces(desk.find(words), desk.search(words, RELATED), words),
            done=self._show,
            failed=lambda error: self.show_problem(told(error)),
            lane="pool",
        )

    def show_problem(self, text: str) -> None:
        """Say what went wrong."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self._show_count()

    def _look_later(self) -> None:
        self.button.setEnabled(False)  # nobody forgets what belongs to the words before
        self._later.start()

    def _invite(self) -> None:
        about = self.tr("Type what shall be forgotten. Everything that has these words is listed here first.")
        self._put({})
        self.shelf.say(self.tr("Nothing goes before you have seen it"), about)

    def _show(self, found: list[Trace]) -> None:
        self.show_problem("")
        self._put({str(each.items): each for each in found})
        if not found:
            about = self.tr("No message, memory, suggestion or title has these words or is related to them.")
            self.shelf.say(self.tr("Nothing was found"), about)

    def _put(self, found: dict[str, Trace]) -> None:
        self._traces = found
        self._ticked = {key for key, trace in found.items() if trace.is_literal}
        self.shelf.show_items({})
        self.shelf.show_items(found, from_top=True)
        self._show_count()

    def _make(self, trace: Trace) -> TraceRow:
        key = str(trace.items)
        row = TraceRow(trace, is_ticked=key in self._ticked)
        row.ticked.connect(lambda on: self._tick(key, on=on))
        return row

    def _tick(self, key: str, *, on: bool) -> None:
        (self._ticked.add if on else self._ticked.discard)(key)
        self._show_count()

    def _tick_all(self) -> None:
        self._ticked = set() if len(self._ticked) == len(self._traces) else set(self._traces)
        for key, row in self.shelf.cards.items():
            row.box.setChecked(key in self._ticked)
        self._show_count()

    def _show_count(self) -> None:
        count, total = len(self._ticked), len(self._traces)
        self.all.setVisible(bool(total))
        self.all.setText(self.tr("{ticked} of {found} ticked").format(ticked=count, found=total))
        some = Qt.CheckState.PartiallyChecked if count else Qt.CheckState.Unchecked
        self.all.setCheckState(Qt.CheckState.Checked if total and count == total else some)
        self.button.setEnabled(bool(count))
        self.button.setText(self.tr("Forget %n for good", "", count) if count else self.tr("Forget for good"))

    def _forget(self) -> None:
        items = [item for key in self._ticked for item in self._traces[key].items]
        words = self.search.text().strip()
        self.setEnabled(False)
        self.button.setText(self.tr("Forgetting…"))
        self._latest.run(
            lambda: self._app.desk.forget(items, words), done=self._report, failed=self._refuse, lane="pool"
        )

    def _refuse(self, error: Exception) -> None:
        self.setEnabled(True)
        self.show_problem(told(error))

    def _report(self, report: "ForgetReport") -> None:
        counted = (
            self.tr("%n messages", "", report.messages) if report.messages else "",
            self.tr("%n memories", "", report.memories) if report.memories else "",
            self.tr("%n entries", "notes, reminders and changes", report.others) if report.others else "",
        )
        gone = self.tr(", ").join(filter(None, counted))
        self.forgotten.emit(
            self.tr("Forgotten for good: {gone}.").format(gone=gone) if gone else self.tr("Forgotten for good.")
        )
        self.accept()


_LEADING = QLineEdit.ActionPosition.LeadingPosition
