"""What can be done with several memories at once."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.memory_confirm import Confirm
from desktop_agent.ui.memory_editor import MemoryEditor
from desktop_agent.ui.memory_frame import MemoryFrame


class Selection(MemoryFrame):
    """`merged` carries the text of what several become, `forgotten` says that they go, `left` that nothing is done."""

    merged = Signal(str)
    forgotten = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("asking", parent)
        self._texts: Sequence[str] = ()
        self.count = QLabel()
        set_look(self.count, "strong")
        self.merge = push_button(self.tr("Merge…"))
        self.merge.clicked.connect(self._begin_merge)
        self.forget = push_button(self.tr("Forget…"), "danger")
        self.forget.clicked.connect(self._begin_forget)
        leave = push_button(self.tr("Cancel"), "quiet")
        leave.clicked.connect(self.left)
        self._choosing = QWidget()
        row = Flow(self._choosing, spacing=8)
        for widget in (self.merge, self.forget, leave):
            row.addWidget(widget)
        self.editor = MemoryEditor(self.tr("The merged memory"), self.tr("Merge"))
        self.editor.saved.connect(self.merged)
        self.confirm = Confirm()
        self.confirm.confirmed.connect(lambda _also: self.forgotten.emit())
        for part in (self.editor, self.confirm):
            part.cancelled.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        for widget in (self.count, self._choosing, self.editor, self.confirm):
            layout.addWidget(widget)
        self._choose()

    def show_texts(self, texts: Sequence[str]) -> None:
        """Say what is selected."""
        self._texts = texts
        nothing = self.tr("Tick the memories to merge or to forget.")
        self.count.setText(self.tr("%n selected", "", len(texts)) if texts else nothing)
        self.merge.setEnabled(len(texts) > 1)
        self.forget.setEnabled(bool(texts))
        self._choose()

    @property
    def is_asking(self) -> bool:
        """Always: Esc ends what is going on here, and nothing else."""
        return True

    def leave(self) -> None:
        """Go one step back."""
        if self._choosing.isVisible():
            self.left.emit()
        else:
            self._choose()

    def _choose(self) -> None:
        self._choosing.show()
        self.editor.hide()
        self.confirm.hide()

    def _begin_merge(self) -> None:
        self._choosing.hide()
        self.editor.open("\n".join(self._texts))

    def _begin_forget(self) -> None:
        self._choosing.hide()
        question = self.tr(
            "Forget these %n memories? They go from the disk, the index and the backups, and cannot come back.",
            "",
            len(self._texts),
        )
        self.confirm.ask(question)
