"""Taking back, from the chat, what a tool changed; also after a restart."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_agent.ui.background import Background
from desktop_agent.ui.sentences import told
from desktop_agent.ui.snackbar import Snackbar
from desktop_agent.ui.tool_card import ToolCard
from desktop_agent.ui.transcript import Transcript

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.records import UndoCopy


class Undoing(QObject):
    """Looks after the cards that changed something. `undone` says that one was taken back."""

    undone = Signal()

    def __init__(self, app: "App", background: Background, transcript: Transcript, snackbar: Snackbar) -> None:
        super().__init__(transcript)
        self._app, self._background = app, background
        self._transcript, self._snackbar = transcript, snackbar
        self._looking = QTimer(self, singleShot=True, interval=0)
        self._looking.timeout.connect(self.refresh)
        transcript.change_shown.connect(self._watch)

    def refresh(self) -> None:
        """Show on the cards which of their changes were taken back."""
        if self._cards():
            self._background.run(self._app.tool_desk.changes, done=self._show)

    def _watch(self, card: ToolCard) -> None:
        card.undo_wanted.connect(lambda undo_id: self._undo(card, undo_id))
        self._looking.start()

    def _cards(self) -> list[ToolCard]:
        return [card for view in self._transcript.views for card in view.answer.changes]

    def _show(self, copies: "list[UndoCopy]") -> None:
        undone = {copy.id for copy in copies if copy.undone_at}
        for card in self._cards():
            if card.undo_id in undone:
                card.show_undone()

    def _undo(self, card: ToolCard, undo_id: str) -> None:
        self._background.run(
            lambda: self._app.tool_desk.undo(undo_id),
            done=lambda said: self._has_undone(said, undo_id),
            failed=lambda error: self._failed(undo_id, error),
        )

    def _has_undone(self, said: str, undo_id: str) -> None:
        for card in self._cards():
            if card.undo_id == undo_id:
                card.show_undone()
        self._snackbar.say(told(said))
        self.undone.emit()

    def _failed(self, undo_id: str, error: Exception) -> None:
        for card in self._cards():
            if card.undo_id == undo_id:
                card.show_problem(told(error))
