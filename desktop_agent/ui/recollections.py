"""What the user does with the notes of an answer: opening, fixing, forgetting, dismissing, taking a saved one back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop_agent.events import Event, MemorySaved, RecalledMemory
from desktop_agent.messages import SavedMemory
from desktop_agent.ui.background import Background, Lane
from desktop_agent.ui.recalled import Fate, RecalledView
from desktop_agent.ui.saved_note import SavedNote
from desktop_agent.ui.sentences import told
from desktop_agent.ui.snackbar import Snackbar
from desktop_agent.ui.transcript import Transcript
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App

LONGEST = 90
"""Characters of a memory that a passing message shows."""


class Recollections(QObject):
    """Ties the chips in the transcript to the memory desk.

    `opened` carries the conversation and the message that a note is about, `page_wanted` the id of a saved memory that
    no message belongs to. `changed` says that what is stored is no longer what was.
    """

    opened = Signal(str, str)
    page_wanted = Signal(str)
    changed = Signal()

    def __init__(self, app: "App", background: Background, transcript: Transcript, snackbar: Snackbar) -> None:
        super().__init__(transcript)
        self._app, self._background = app, background
        self._transcript, self._snackbar = transcript, snackbar
        self._fates: dict[RecalledMemory, tuple[Fate, RecalledMemory]] = {}
        self._undone: set[str] = set()
        transcript.memory_shown.connect(self._attach)

    def tell(self, event: Event) -> None:
        """Say in passing what a turn has saved."""
        if isinstance(event, MemorySaved):
            text = visible(event.memory.text)
            text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
            self._snackbar.say(
                self.tr("Saved to memory: {text}").format(text=text), self.tr("Undo"), lambda: self.undo(event.memory)
            )
            self.changed.emit()

    def undo(self, memory: SavedMemory) -> None:
        """Take a fresh memory back."""
        self._background.run(lambda: self._app.desk.undo(memory), done=lambda _: self._show_undone(memory))

    def open(self, memory: RecalledMemory) -> None:
        """Show the message that a note is about, or the note itself on the Memory page."""
        if memory.conversation_id:
            self.opened.emit(memory.conversation_id, memory.message_id)
        else:
            self.page_wanted.emit(memory.memory_id)

    def correct(self, memory: RecalledMemory, text: str) -> None:
        """Put other words in a note's place."""
        self._do(memory, lambda: self._app.desk.correct(memory, text), lambda saved: self._show_fixed(memory, saved))

    def forget(self, memory: RecalledMemory) -> None:
        """Remove for good what a note says."""
        self._do(
            memory, lambda: self._app.desk.forget_recalled(memory), lambda _: self._show_forgotten(memory), lane="pool"
        )

    def dismiss(self, memory: RecalledMemory) -> None:
        """Note that it was of no use here."""
        self._do(memory, lambda: self._app.desk.dismiss(memory), lambda _: self._show_dismissed(memory))

    def _do(
        self,
        memory: RecalledMemory,
        work: Callable[[], object],
        done: Callable[[object], None],
        lane: Lane = "store",
    ) -> None:
        self._background.run(work, done=done, failed=lambda error: self._refuse(memory, error), lane=lane)

    def _attach(self, widget: QWidget) -> None:
        """Listen to what came into sight, and show on it what happened to its notes earlier."""
        if isinstance(widget, SavedNote):
            widget.undone.connect(self.undo)
            if widget.memory.id in self._undone:
                widget.show_undone()
        elif isinstance(widget, RecalledView):
            widget.opened.connect(self.open)
            widget.corrected.connect(self.correct)
            widget.forgotten.connect(self.forget)
            widget.dismissed.connect(self.dismiss)
            for chip in widget.chips:
                if chip.memory in self._fates:
                    chip.show_fate(*self._fates[chip.memory])

    def _refuse(self, memory: RecalledMemory, error: Exception) -> None:
        for view in self._views():
            view.show_problem(memory, told(error))

    def _show_fixed(self, memory: RecalledMemory, saved: SavedMemory) -> None:
        now = RecalledMemory(
            saved.conversation_id,
            saved.conversation_title,
            saved.message_id,
            saved.updated_at,
            saved.text,
            memory.score,
            saved.origin,
            saved.id,
            memory.turn_ids,
        )
        self._mark(memory, "fixed", now)
        self._snackbar.say(self.tr("Fixed. From now on memory knows it like this."))

    def _show_forgotten(self, memory: RecalledMemory) -> None:
        self._mark(memory, "forgotten", memory)
        self._snackbar.say(self.tr("Forgotten."))

    def _show_dismissed(self, memory: RecalledMemory) -> None:
        self._mark(memory, "dismissed", memory)
        self._snackbar.say(self.tr("Noted: it will come up less often."))

    def _show_undone(self, memory: SavedMemory) -> None:
        self._undone.add(memory.id)
        for note in self._transcript.findChildren(SavedNote):
            if note.memory.id == memory.id:
                note.show_undone()
        self._snackbar.say(self.tr("Not saved."))
        self.changed.emit()

    def _mark(self, memory: RecalledMemory, fate: Fate, now: RecalledMemory) -> None:
        first = next((kept for kept, (_, then) in self._fates.items() if then == memory), memory)
        self._fates[first] = (fate, now)
        for view in self._views():
            view.show_fate(memory, fate, now)
        self.changed.emit()

    def _views(self) -> list[RecalledView]:
        return self._transcript.findChildren(RecalledView)
