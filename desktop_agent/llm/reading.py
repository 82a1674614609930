"""Reading prompts, each part of them once: chats that were left wait in memory, the stable head on disk."""

from collections.abc import Iterator
from collections.abc import Sequence as Tokens
from dataclasses import dataclass

from desktop_agent.llm.sequence import Sequence
from desktop_agent.llm.settings import UNTUNED, EngineSettings
from desktop_agent.llm.snapshots import Snapshots, snapshot_name

_HEAD = "\0head"
"""The owner of heads among the states; no chat is called so."""
_SHORTEST_HEAD = 64
"""Tokens; fewer are read as fast as they are fetched."""


@dataclass(frozen=True)
class Heads:
    """Where the stable heads of one model lie. Without a folder, or for a file that nobody knows, nowhere."""

    snapshots: Snapshots | None = None
    identity: str = ""
    settings: EngineSettings = UNTUNED

    def load(self, sequence: Sequence, tokens: Tokens[int]) -> None:
        """Let the cache hold the head if there is a snapshot of it."""
        if self._are_kept and self.snapshots and (state := self.snapshots.load(self._name(tokens), tokens)):
            sequence.restore(state)

    def save(self, sequence: Sequence) -> None:
        """Keep what the cache holds, which is a head."""
        if not sequence.cuts:
            sequence.states.keep(_HEAD, sequence.state())
        if self._are_kept and self.snapshots and not self.snapshots.has(name := self._name(sequence.tokens)):
            self.snapshots.save(name, sequence.state())

    @property
    def _are_kept(self) -> bool:
        return bool(self.snapshots and self.identity)

    def _name(self, tokens: Tokens[int]) -> str:
        return snapshot_name(self.identity, self.settings, tokens)


class Reader:
    """Brings a sequence to prompts of changing chats. `begin` first, then `read` to its end."""

    def __init__(self, sequence: Sequence, heads: Heads) -> None:
        self._sequence = sequence
        self._heads = heads
        self._chat = ""
        self._head = 0

    def begin(self, chat: str, prompt: Tokens[int], head: int) -> int:
        """Go over to a chat's prompt, the first `head` tokens of which are stable; return how many are read already."""
        self._leave_for(chat)
        self._head = head if head >= _SHORTEST_HEAD else 0
        reused = self._sequence.reuse(prompt)
        if reused < self._head:
            self._heads.load(self._sequence, prompt[: self._head])
            reused = self._sequence.reuse(prompt)
        if self._sequence.cuts:
            self._sequence.states.forget(chat)  # its state is in the cache now, as far as it is of use
        return reused

    def read(self, prompt: Tokens[int]) -> Iterator[int]:
        """Read the rest of the prompt; yield how many of its tokens are read. Raises Stopped."""
        if len(self._sequence.tokens) < self._head:
            yield from self._read_to(prompt[: self._head])
            self._heads.save(self._sequence)
        yield from self._read_to(prompt)
        if not self._sequence.cuts:
            self._keep()

    def forget(self, chat: str) -> None:
        """Drop what is kept of a chat, of all when it has no name."""
        if chat:
            self._sequence.states.forget(chat)
        else:
            self._sequence.states.clear()
        if chat in {"", self._chat}:
            self._sequence.clear()
            self._chat = ""

    def _leave_for(self, chat: str) -> None:
        """Put aside the chat that was read last; where parts cannot be forgotten, also as a place to go back to."""
        if self._sequence.tokens and (chat != self._chat or not self._sequence.cuts):
            self._keep()
        self._chat = chat

    def _keep(self) -> None:
        states, tokens = self._sequence.states, self._sequence.tokens
        if self._chat and states.room and not states.has(tokens):
            states.keep(self._chat, self._sequence.state())

    def _read_to(self, tokens: Tokens[int]) -> Iterator[int]:
        before = len(self._sequence.tokens)
        for done in self._sequence.read(tokens[before:]):
            yield before + done
