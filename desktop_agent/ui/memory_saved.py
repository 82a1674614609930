"""The saved memories: written, changed, pinned, ended, merged and forgotten."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import SavedMemory
from desktop_agent.ui.background import Background, Lane
from desktop_agent.ui.buttons import set_look
from desktop_agent.ui.memory_card import Kept, MemoryCard
from desktop_agent.ui.memory_editor import MemoryEditor
from desktop_agent.ui.memory_filters import Filter
from desktop_agent.ui.memory_latest import Latest
from desktop_agent.ui.memory_selection import Selection
from desktop_agent.ui.memory_shelf import Shelf, beside
from desktop_agent.ui.sentences import told

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.desk import Item, MemoryDesk


class SavedSection(QWidget):
    """`opened` carries a conversation and a message, `said` a sentence for the snackbar with its button and action,
    `selected` that the user is done selecting, `forgotten` that something has gone for good.
    """

    opened = Signal(str, str)
    said = Signal(str, str, object)
    selected = Signal()
    forgotten = Signal()

    def __init__(self, app: "App", background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app, self._background = app, background
        self._latest = Latest(background)
        self._filter, self._wanted = Filter(), ""
        self._memories: dict[str, SavedMemory] = {}
        self._selecting, self._ticked = False, set[str]()
        self.shelf = Shelf(self._make, "bookmark", self.tr("Saved memories"))
        self.shelf.say(self.tr("Reading…"))
        self.selection = Selection()
        self.selection.merged.connect(self._merge)
        self.selection.forgotten.connect(lambda: self._forget([("memory", each) for each in self._chosen()]))
        self.selection.left.connect(self.selected)
        self._build_writer()
        self._lay_out()

    def _build_writer(self) -> None:
        self._writing = QFrame(visible=False)
        set_look(self._writing, "card")
        self.writer = MemoryEditor(self.tr("A new memory"), self.tr("Remember"))
        self.writer.edit.setPlaceholderText(self.tr("For example: I am allergic to nuts"))
        self.writer.pin.show()
        self.writer.saved.connect(self._add)
        self.writer.cancelled.connect(self._writing.hide)
        inside = QVBoxLayout(self._writing)
        inside.setContentsMargins(16, 14, 16, 12)
        inside.addWidget(self.writer)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(beside(self._writing, self.shelf))
        layout.addWidget(self.shelf, 1)
        self._bar = beside(self.selection, self.shelf)
        self._bar.setContentsMargins(0, 0, 0, 12)
        self._bar.hide()
        layout.addWidget(self._bar)

    @property
    def desk(self) -> "MemoryDesk":
        """What a user can do with memory."""
        return self._app.desk

    def show_filter(self, wanted: Filter) -> None:
        """Show what fits, from the top."""
        self._filter = wanted
        self.refresh(from_top=True)

    def refresh(self, *, from_top: bool = False) -> None:
        """Read the memories again."""
        wanted = self._filter
        self._latest.run(
            lambda: _read(self.desk, wanted),
            done=lambda kept: self._show(kept, wanted, from_top=from_top),
            failed=lambda error: self.shelf.show_failure(told(error), self.tr("Try again"), self.refresh),
        )

    def reveal(self, memory_id: str) -> None:
        """Show one memory, as soon as it has been read."""
        self._wanted = memory_id

    def write(self) -> None:
        """Let the user write a new memory."""
        self._writing.show()
        self.writer.open()

    def set_selecting(self, on: bool) -> None:
        """Let the user select several, or end that."""
        self._selecting = on
        self._ticked.clear()
        self._bar.setVisible(on)
        self._show_selection()

    def _make(self, kept: Kept) -> MemoryCard:
        card = MemoryCard(kept)
        card.opened.connect(self.opened)
        card.edited.connect(lambda id_, text: self._edit(card, id_, text))
        card.pinned.connect(lambda id_, on: self._do(lambda: self.desk.pin(id_, on)))
        card.ended.connect(lambda id_, day: self._do(lambda: self.desk.set_end(id_, day)))
        card.forgotten.connect(lambda id_, also: self._forget_one(card, id_, also=also))
        card.ticked.connect(self._tick)
        card.show_selecting(on=self._selecting, ticked=kept.memory.id in self._ticked)
        return card

    def _show(self, kept: list[Kept], wanted: Filter, *, from_top: bool) -> None:
        self._memories = {each.memory.id: each.memory for each in kept}
        if kept:
            self.shelf.show_items({each.memory.id: each for each in kept}, from_top=from_top)
        elif wanted.is_empty:
            about = self.tr('Tell it "Remember that …" in a chat, or write one here with "Add a memory".')
            self.shelf.say(self.tr("Nothing is saved yet"), about)
        else:
            about = self.tr("Try other words, another origin or another time.")
            self.shelf.say(self.tr("No saved memory fits"), about)
        self._ticked &= self._memories.keys()
        self._show_selection()
        if self._wanted in self._memories:
            card, self._wanted = self.shelf.reveal(self._wanted), ""
            card.edit_button.setFocus()

    def _show_selection(self) -> None:
        for id_, card in self.shelf.cards.items():
            card.show_selecting(on=self._selecting, ticked=id_ in self._ticked)
        self.selection.show_texts([self._memories[id_].text for id_ in self._chosen()])

    def _chosen(self) -> list[str]:
        """Return the selected ids in the order of the list."""
        return [id_ for id_ in self._memories if id_ in self._ticked]

    def _tick(self, memory_id: str, on: bool) -> None:
        (self._ticked.add if on else self._ticked.discard)(memory_id)
        self._show_selection()

    def _add(self, text: str) -> None:
        desk, pinned = self.desk, self.writer.pin.isChecked()

        def work() -> tuple[SavedMemory, bool]:
            known = {each.id for each in desk.saved()}
            saved = desk.add(text, pinned=pinned)
            return saved, saved.id in known

        self._background.run(
            work, done=lambda result: self._added(*result), failed=lambda error: self.writer.show_problem(told(error))
        )

    def _added(self, saved: SavedMemory, was_known: bool) -> None:
        self._writing.hide()
        if was_known:
            self.said.emit(self.tr("This is remembered already."), "", None)
        else:
            self.said.emit(self.tr("Remembered."), self.tr("Undo"), lambda: self._do(lambda: self.desk.undo(saved)))
        self.refresh()

    def _edit(self, card: MemoryCard, memory_id: str, text: str) -> None:
        if text == card.memory.text:
            card.show_mode("reading")
            return
        problem = card.editor.show_problem
        self._do(lambda: self.desk.edit(memory_id, text), failed=lambda error: problem(told(error)))

    def _forget_one(self, card: MemoryCard, memory_id: str, *, also: bool) -> None:
        self.shelf.setFocus()  # the card takes the focus with it otherwise
        card.setEnabled(False)
        message = [("message", card.memory.message_id)] if also else []
        self._forget([("memory", memory_id), *message])

    def _forget(self, items: "list[Item]") -> None:
        def done(_report: object) -> None:
            self.selected.emit()
            self.said.emit(self.tr("Forgotten for good."), "", None)
            self.forgotten.emit()

        self._do(lambda: self.desk.forget(items), done, lane="pool")

    def _merge(self, text: str) -> None:
        ids = self._chosen()
        problem = self.selection.editor.show_problem
        self._do(lambda: self.desk.merge(ids, text), lambda _: self.selected.emit(), lambda e: problem(told(e)))

    def _do(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        lane: Lane = "store",
    ) -> None:
        """Change something, then show how it is now."""

        def then(result: Any) -> None:
            if done:
                done(result)
            self.refresh()

        self._background.run(work, then, failed or self._fail, lane)

    def _fail(self, error: Exception) -> None:
        for card in self.shelf.cards.values():
            card.setEnabled(True)
        self.shelf.show_failure(told(error), self.tr("Read again"), self.refresh)


def _read(desk: "MemoryDesk", wanted: Filter) -> list[Kept]:
    memories = desk.saved(wanted.words, wanted.origin, wanted.since, wanted.until)
    texts = {each.id: each.text for each in memories}
    return [Kept(each, _replacement(desk, each, texts), wanted.words) for each in memories]


def _replacement(desk: "MemoryDesk", memory: SavedMemory, texts: dict[str, str]) -> str:
    if not memory.replaced_by or memory.replaced_by in texts:
        return texts.get(memory.replaced_by, "")
    try:
        return desk.get(memory.replaced_by).text
    except UserFacingError:
        return ""  # it was forgotten since
