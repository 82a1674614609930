"""Everything a user can do with memory; the window and the terminal drive the same desk."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_agent.agent.protocols import StoredMessageLike
from desktop_agent.events import RecalledMemory
from desktop_agent.memory.noted import noted
from desktop_agent.memory.recall import Memory
from desktop_agent.memory.wishes import slot, wish
from desktop_agent.memory_stats import MemoryStats, measure
from desktop_agent.messages import RecallQuery, SavedMemory
from desktop_agent.paths import Paths
from desktop_agent.storage.archive import ArchiveReport, ImportReport, export_archive, import_archive
from desktop_agent.storage.backup import Backup, Backups, Item
from desktop_agent.storage.clock import today
from desktop_agent.storage.forgetting import Found
from desktop_agent.storage.store import Store
from desktop_agent.storage.suggestions import Suggestion
from desktop_agent.vectors import Vectors


@dataclass(frozen=True)
class ForgetReport:
    """How much was forgotten; `others` are notes, reminders and copies that undo changes."""

    messages: int
    memories: int
    others: int = 0


@dataclass(frozen=True)
class MemoryDesk:
    """What is remembered, in the user's hands.

    Any thread may use it; every method blocks for as long as the disk needs, and raises UserFacingError when that
    fails.
    """

    paths: Paths
    store: Store
    memory: Memory
    vectors: Vectors
    copies: Backups
    is_paused: Callable[[], bool]
    set_paused: Callable[[bool], None]
    on_forgotten: Callable[[], None]
    """Called when something was forgotten: what a model has read of it has to go, too."""

    def saved(self, search: str = "", origin: str = "", since: str = "", until: str = "") -> list[SavedMemory]:
        """Return the saved memories, newest first, invalid ones too; `since` and `until` are days."""
        return self.store.saved.list(search, origin, since, until)

    def from_chat(self, conversation_id: str) -> list[SavedMemory]:
        """Return the saved memories that come from a chat."""
        return [each for each in self.saved() if each.conversation_id == conversation_id]

    def get(self, memory_id: str) -> SavedMemory:
        """Return one."""
        return self.store.saved.get(memory_id)

    def search(self, words: str, count: int = 20) -> list[RecalledMemory]:
        """Return what fits the words best, from all chats and saved memories."""
        return list(self.memory.search(RecallQuery(words), count))

    def recalled(self, turn_ids: Sequence[str]) -> list[RecalledMemory]:
        """Return the notes that an earlier answer was given, as far as they are still there."""
        return noted(self.store.turns.get(turn_ids))

    def add(self, text: str, *, pinned: bool = False, valid_until: str = "") -> SavedMemory:
        """Save what the user wrote."""
        return self._index(self.store.saved.add(text, "written", pinned=pinned, valid_until=valid_until))

    def save_wish(self, question: StoredMessageLike) -> SavedMemory | None:
        """Save what the user asks to remember in a message; what stood in its slot is set aside.

        Returns None when nothing is asked for, or it is known already.
        """
        wanted = wish(question.message.text)
        if wanted is None:
            return None
        before = self.store.saved.active(today())
        saved = self.store.saved.add(wanted.text, "said", message_id=question.id)
        if any(each.id == saved.id for each in before):
            return None
        return self._in_slot(saved, before)

    def edit(self, memory_id: str, text: str) -> SavedMemory:
        """Give a memory another text."""
        self.store.saved.edit(memory_id, text)
        return self._index(self.get(memory_id))

    def pin(self, memory_id: str, pinned: bool) -> None:
        """Tell the model always, or only when it matters."""
        self.store.saved.pin(memory_id, pinned)

    def set_end(self, memory_id: str, day: str) -> None:
        """Let a memory be true until the end of a day, or without end when it is empty."""
        self.store.saved.set_end(memory_id, day)
        self.memory.reconcile()

    def merge(self, memory_ids: Sequence[str], text: str) -> SavedMemory:
        """Make one memory of several, which stay as replaced."""
        merged = self.store.saved.merge(memory_ids, text)
        self.memory.forget([turn_id(each) for each in memory_ids if each != merged.id])
        return self._index(merged)

    def undo(self, saved: SavedMemory) -> None:
        """Take back what was just saved; what it had replaced holds again."""
        self.store.saved.delete(saved.id)
        self.memory.forget([turn_id(saved.id)])
        self.memory.reconcile()

    def suggestions(self) -> list[Suggestion]:
        """Return what the model suggests to keep."""
        return self.store.suggestions.list()

    def accept(self, suggestion_id: str) -> SavedMemory:
        """Keep a suggestion; what it contradicts is set aside."""
        before = self.store.saved.active(today())
        return self._in_slot(self.store.suggestions.accept(suggestion_id), before)

    def reject(self, suggestion_id: str) -> None:
        """Never suggest this again."""
        self.store.suggestions.reject(suggestion_id)

    def find(self, words: str) -> list[Found]:
        """Return everything that contains the words."""
        return self.store.forgetting.find(words)

    def forget(self, items: Iterable[Item], words: str = "") -> ForgetReport:
        """Forget for good: in the chats, the memories, the index and the backups."""
        items = self._with_parts(items)
        self.copies.forget(items, words)  # first: what is still in the database is seen, and can be forgotten again
        self.memory.forget(self.store.forgetting.forget(items, words), thoroughly=True)
        self.on_forgotten()
        kinds = [kind for kind, _ in items]
        others = sum(kind in {"note", "reminder", "copy"} for kind in kinds)
        return ForgetReport(kinds.count("message"), kinds.count("memory") + kinds.count("suggestion"), others)

    def forget_recalled(self, memory: RecalledMemory) -> ForgetReport:
        """Forget all that a recalled note says."""
        return self.forget(map(item, turns_of(memory)))

    def correct(self, memory: RecalledMemory, text: str) -> SavedMemory:
        """Keep the right words; the wrong ones are not recalled any more."""
        if memory.memory_id:
            return self.edit(memory.memory_id, text)
        self.store.turns.leave_out(turns_of(memory))
        self.memory.forget(turns_of(memory))
        return self._index(self.store.saved.add(text, "written", message_id=memory.message_id))

    def dismiss(self, memory: RecalledMemory) -> None:
        """Recall this less: it did not matter."""
        self.store.dismissals.add(turn_id(memory.memory_id) if memory.memory_id else memory.message_id)

    def set_chat(self, conversation_id: str, *, uses: bool | None = None, saves: bool | None = None) -> None:
        """Say whether a chat may use memory, and whether memory may keep it."""
        self.memory.forget(self.store.conversations.set_memory(conversation_id, uses=uses, saves=saves))

    @property
    def paused(self) -> bool:
        """Whether nothing is recalled, and nothing that is said is remembered."""
        return self.is_paused()

    def pause(self, paused: bool) -> None:
        """Recall nothing, and remember nothing of what is said; or go on. What is known is kept."""
        self.set_paused(paused)

    def stats(self) -> MemoryStats:
        """Return what is stored where."""
        return measure(self.paths, self.store, self.vectors.dense, paused=self.paused)

    def rebuild(self) -> None:
        """Compute all vectors anew, in the background; `stats` shows how far it is."""
        if self.vectors.dense:
            self.vectors.dense.rebuild()

    def settled(self, seconds: float) -> bool:
        """Wait until the index follows; False when it has not within so many seconds."""
        return self.vectors.dense is None or self.vectors.dense.drain(seconds)

    def export(self, path: Path, passphrase: str) -> ArchiveReport:
        """Write everything into an encrypted archive."""
        return export_archive(self.store.database, path, passphrase)

    def import_archive(self, path: Path, passphrase: str) -> ImportReport:
        """Add what an archive holds; nothing is changed when that fails."""
        report = import_archive(self.store.database, path, passphrase)
        self.memory.reconcile()
        return report

    def backup_now(self) -> Backup:
        """Copy the database."""
        return self.copies.make()

    def backups(self) -> list[Backup]:
        """Return the copies, newest first."""
        return self.copies.list()

    def _with_parts(self, items: Iterable[Item]) -> list[Item]:
        """Return the items, and of merged memories what they were merged from: it says the same."""
        wanted, saved = list(items), self.saved()
        for kind, id_ in wanted:  # grows on the way
            parts = [each for each in saved if kind == "memory" and each.replaced_by == id_ and not slot(each.text)]
            wanted += [part for each in parts if (part := ("memory", each.id)) not in wanted]
        return wanted

    def _in_slot(self, saved: SavedMemory, before: Iterable[SavedMemory]) -> SavedMemory:
        """Set aside what has the same slot as a new memory: the user has one name at a time."""
        named = slot(saved.text)
        for each in before:
            if named and each.id != saved.id and slot(each.text) == named:
                self.store.saved.replace(each.id, saved.id)
                self.memory.forget([turn_id(each.id)])
        return self._index(saved)

    def _index(self, saved: SavedMemory) -> SavedMemory:
        self.memory.remember([turn_id(saved.id)])
        return saved


def turn_id(memory_id: str) -> str:
    """Return the id under which memory recalls a saved memory."""
    return f"memory-{memory_id}"


def turns_of(memory: RecalledMemory) -> tuple[str, ...]:
    """Return the ids of the turns in a recalled note."""
    return memory.turn_ids or (turn_id(memory.memory_id) if memory.memory_id else memory.message_id,)


def item(turn: str) -> Item:
    """Return what a turn's id stands for."""
    return ("memory", turn.removeprefix("memory-")) if turn.startswith("memory-") else ("message", turn)
