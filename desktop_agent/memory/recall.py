"""What was said before and matters now."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from desktop_agent.events import RecalledMemory
from desktop_agent.lexical import Group, normal, terms
from desktop_agent.memory import gate
from desktop_agent.memory.dates import Period, period
from desktop_agent.memory.excerpt import cost
from desktop_agent.memory.fusion import CANDIDATES, fused
from desktop_agent.memory.protocols import DenseLike, DismissalSource, SavedSource, TurnSource
from desktop_agent.memory.question import courtesy, question
from desktop_agent.memory.ranking import Evidence, Hit, ranked
from desktop_agent.memory.snippets import MEMORY, snippets
from desktop_agent.messages import RecallQuery, SavedMemory

_log = logging.getLogger(__name__)

_DATED = 50
"""Candidates from the days that the question names."""
_RANKED = 50
"""So many of the best are looked at with their neighbours and dates."""
_LOOKED_AT = 20
"""What is not among so many is not recalled, however near: its words and its neighbours speak against it."""
_MOST = 5


def _local_time() -> datetime:
    return datetime.now().astimezone()


class Memory:
    """Finds turns and saved memories by words, and by meaning once an index is attached. Any thread may use it.

    `clock` returns the time with a time zone. A failing index leaves the words.
    """

    def __init__(
        self,
        turns: TurnSource,
        dense: DenseLike | None = None,
        saved: SavedSource | None = None,
        dismissals: DismissalSource | None = None,
        clock: Callable[[], datetime] = _local_time,
    ) -> None:
        self._turns = turns
        self._saved = saved
        self._dismissals = dismissals
        self._clock = clock
        self.dense = dense

    def rank(self, query: RecallQuery) -> list[Hit]:
        """Return the fifty turns that fit best, best first, however badly they fit; without those in the prompt."""
        if not query.text.strip():
            return []
        text, now = question(query), self._clock()
        days = period(query.text, now)
        dense, words = self._by_meaning(text), self._turns.search(text, CANDIDATES)
        scores = fused(dense, words, self._said_in(days))
        best = sorted(scores.keys() - query.in_prompt, key=lambda id_: (-scores[id_], id_))[:_RANKED]
        cosines = {id_: cosine for hits in dense.values() for id_, cosine in hits}
        dismissed = self._dismissals.counts(best) if self._dismissals else {}
        evidence = Evidence(scores, cosines, self._turns.coverage(text, best), dismissed)
        return ranked(self._turns.neighbours(best), evidence, now, days)

    def recall(self, query: RecallQuery) -> tuple[RecalledMemory, ...]:
        """Return notes on what matters for a question, best first; nothing when nothing does."""
        hits = list(islice(self._fitting(query), _MOST))
        notes = snippets(hits, terms(query.text), query.tokens, query.in_prompt)
        ids = [note.memory_id for note in notes if note.memory_id]
        if self._saved and ids and not query.ahead:
            self._saved.used(ids)
        return self._sourced(notes)

    def search(self, query: RecallQuery, count: int = 20) -> list[RecalledMemory]:
        """Return the turns that fit best, each a note of its own in at most the query's tokens, best first."""
        words = terms(query.text)
        found = [snippets([replace(hit, run=(hit.turn,))], words, query.tokens) for hit in self.rank(query)[:count]]
        return list(self._sourced([note for notes in found for note in notes]))

    def standing(self, tokens: int = 200) -> tuple[RecalledMemory, ...]:
        """Return the saved memories that are always in the prompt, the most important first, within the tokens."""
        room, chosen = float(tokens), []
        for saved in self._active():
            if cost(saved.text) <= room:
                room -= cost(saved.text)
                chosen.append(_standing(saved))
        return tuple(chosen)

    def remember(self, ids: Iterable[str]) -> None:
        """Index turns soon."""
        if dense := self.dense:
            dense.queue(ids)

    def forget(self, ids: Iterable[str], thoroughly: bool = False) -> None:
        """Take turns out of the index; thoroughly means that not even bytes of their vectors stay."""
        if dense := self.dense:
            dense.remove(ids, thoroughly)

    def reconcile(self) -> None:
        """Let the index follow the database, in the background."""
        if dense := self.dense:
            dense.reconcile()

    def attach(self, dense: DenseLike | None) -> None:
        """Find by meaning from now on, or by words alone."""
        self.dense = dense

    def close(self) -> None:
        """Release the index. Safe to call twice."""
        dense, self.dense = self.dense, None
        if dense:
            dense.close()

    def _by_meaning(self, text: str) -> Mapping[Group, Sequence[tuple[str, float]]]:
        try:
            return self.dense.search(text, CANDIDATES) if self.dense else {}
        except Exception as error:  # noqa: BLE001 -- what is found by words is worth having
            _log.error("The index failed", exc_info=error)
            return {}

    def _said_in(self, days: Period | None) -> Sequence[str]:
        if days is None:
            return []
        start, end = (time.astimezone(UTC).isoformat(timespec="microseconds") for time in (days.start, days.end))
        return self._turns.between(start, end, _DATED)

    def _fitting(self, query: RecallQuery) -> Iterator[Hit]:
        """Yield the best hits that matter, with their relevance for a score, each text once."""
        found = [] if courtesy(query.text) else self.rank(query)[:_LOOKED_AT]
        by_words = all(hit.cosine is None for hit in found)
        hits = [replace(hit, score=gate.relevance(hit, by_words)) for hit in found]
        least = max([gate.GATE, *(hit.score * gate.SLACK for hit in hits)])
        known = [
            normal(turn.text) for turn in self._turns.get(id_ for id_ in query.in_prompt if id_.startswith(MEMORY))
        ]
        asked = normal(query.text)
        for hit in hits:
            text = normal(hit.turn.text)
            if hit.score >= least and text != asked and not any(each in text for each in known):
                known.append(text)
                yield hit

    def _active(self) -> Sequence[SavedMemory]:
        return self._saved.active(f"{self._clock():%Y-%m-%d}") if self._saved else ()

    def _sourced(self, notes: Sequence[RecalledMemory]) -> tuple[RecalledMemory, ...]:
        """Return the notes, those of saved memories with the message that they come from."""
        if not any(note.memory_id for note in notes):
            return tuple(notes)
        sources = {saved.id: saved.message_id for saved in self._active()}
        return tuple(replace(note, message_id=sources.get(note.memory_id, note.message_id)) for note in notes)


def _standing(saved: SavedMemory) -> RecalledMemory:
    return RecalledMemory(
        conversation_id=saved.conversation_id,
        conversation_title=saved.conversation_title,
        message_id=saved.message_id,
        date=saved.created_at,
        text=saved.text,
        score=1.0,
        origin=saved.origin,
        memory_id=saved.id,
        turn_ids=(f"{MEMORY}{saved.id}",),
    )
