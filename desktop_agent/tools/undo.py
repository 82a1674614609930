"""Taking changes back."""

from collections.abc import Callable, Mapping

from desktop_agent.errors import UserFacingError
from desktop_agent.records import UndoCopy
from desktop_agent.tools.protocols import UndoStore
from desktop_agent.tools.undo_files import undo_file

FILE_KINDS = ("create", "edit", "move", "delete")


class Undo:
    """The way back. `handlers` undo what is no file, by the kind of the copy, and return a sentence."""

    def __init__(self, copies: UndoStore, handlers: Mapping[str, Callable[[UndoCopy], str]]) -> None:
        self._copies = copies
        self._handlers = {**dict.fromkeys(FILE_KINDS, undo_file), **handlers}

    def undo(self, undo_id: str) -> str:
        """Take a change back and say so. Raises UserFacingError, and then nothing was done."""
        copy = self._copies.get(undo_id)
        if copy.undone_at:
            raise UserFacingError("This change was taken back already.", "There is nothing to do.")
        said = self._handlers[copy.kind](copy)
        self._copies.mark_undone(undo_id)
        return said
