"""Is the right memory recalled, also across languages, and none for a question that has nothing to do with any?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.messages import RecallQuery
from tests.helpers.remembering import Lent, Remembering, Said
from tests.unit.memory.gate_set import FACTS, UNRELATED, small_talk

ENGLISH, ENGLISH_QUESTION, CHINESE, CHINESE_QUESTION = range(4)


class Told:
    """Facts told between other things, every second one in Chinese."""

    def __init__(self, place: Remembering) -> None:
        self.memory = place.memory
        for question, answer in small_talk(70):
            place.tell([Said(question), Said(answer, "assistant")])
        told = [[Said(fact[CHINESE if at % 2 else ENGLISH]), Said("OK.", "assistant")] for at, fact in enumerate(FACTS)]
        self.ids = [place.tell(chat)[0] for chat in told]
        place.settle()

    def rate(self, questions: list[str]) -> float:
        """Return how often the right one is among what is recalled."""
        recalled = [self.memory.recall(RecallQuery(question)) for question in questions]
        found = [any(id_ in note.turn_ids for note in notes) for id_, notes in zip(self.ids, recalled, strict=True)]
        return sum(found) / len(found)

    def same(self) -> float:
        return self.rate([fact[CHINESE_QUESTION if at % 2 else ENGLISH_QUESTION] for at, fact in enumerate(FACTS)])

    def across(self) -> float:
        return self.rate([fact[ENGLISH_QUESTION if at % 2 else CHINESE_QUESTION] for at, fact in enumerate(FACTS)])

    def false(self) -> float:
        return sum(bool(self.memory.recall(RecallQuery(question))) for question in UNRELATED) / len(UNRELATED)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, embedder: Lent) -> Iterator[Told]:
    with Remembering(tmp_path_factory.mktemp("told"), embedder) as place:
        yield Told(place)


def test_personal_facts_are_recalled_in_their_own_language(told: Told) -> None:
    assert told.same() >= 0.85


def test_personal_facts_are_recalled_across_languages(told: Told) -> None:
    assert told.across() >= 0.75


def test_unrelated_questions_mostly_recall_nothing(told: Told) -> None:
    assert told.false() <= 0.25


@pytest.mark.parametrize("text", ["Hello", "Thank you very much!", "你好！", "好的", "OK", "?", " "])
def test_courtesies_recall_nothing(told: Told, text: str) -> None:
    assert told.memory.recall(RecallQuery(text)) == ()


def test_without_an_embedder_shared_words_decide(tmp_path: Path) -> None:
    with Remembering(tmp_path, None) as place:
        told = Told(place)
        assert told.same() >= 0.45
        assert told.false() <= 0.12
