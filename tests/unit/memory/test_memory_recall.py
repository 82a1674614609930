from collections.abc import Sequence
from typing import Literal

import pytest

from desktop_agent.errors import DesktopAgentError
from tests.unit.memory.conftest import Diary, Lent

CAT = "Remember: my cat is called Schrödinger."
KATZE = "记住：我的猫叫薛定谔。"


def small_talk(count: int) -> list[tuple[str, str]]:
    """Return different questions that have nothing to do with the user's own affairs."""
    topics = (
        "lists",
        "volcanoes",
        "bread",
        "the French revolution",
        "black holes",
        "taxes",
        "owls",
        "chess",
        "rain",
        "tea",
    )
    forms = (
        ("Explain {} in simple words.", "Of course. {} can be explained like this."),
        ("Write a short poem about {}.", "O {}, how bright you are!"),
        ("What is the history of {}?", "The history of {} begins long ago."),
        ("Give me five facts about {}.", "Here are five facts about {}."),
        ("Which book about {} should I read?", "There are many good books about {}."),
        ("请介绍一下 {}。", "{} 是一个很有意思的话题。"),
        ("写一篇关于 {} 的短文。", "下面是一篇关于 {} 的短文。"),
    )
    pairs = [(question.format(topic), answer.format(topic)) for topic in topics for question, answer in forms]
    return [(f"{question} ({number})", answer) for number in range(3) for question, answer in pairs][:count]


@pytest.fixture
def long_diary(diary: Diary) -> Diary:
    """Two hundred exchanges in ten chats, and in a chat of their own the cat's name, in English and in Chinese."""
    chats = [diary.chat() for _ in range(10)]
    for number, (question, answer) in enumerate(small_talk(200)):
        diary.say(chats[number % 10], question, answer)
    pets = diary.chat("Pets")
    diary.say(pets, CAT, "Got it! I'll remember that your cat is called Schrödinger.")
    diary.say(pets, KATZE, "好的，我记住了，你的猫叫薛定谔。")
    assert diary.memory.reconcile() == 202
    return diary


def test_finds_the_cat_among_two_hundred_exchanges(long_diary: Diary) -> None:
    here = long_diary.chat()
    for question, words in (
        ("What is my cat called?", CAT),
        ("Do you remember the name of my cat?", CAT),
        ("我的猫叫什么名字？", KATZE),
    ):
        best = long_diary.memory.recall(question, here)[0]
        assert words in best.text
        assert best.conversation_title == "Pets"
        assert best.conversation_id != here
        assert best.date.startswith("20")
        assert 0.5 < best.score <= 1
    for question in (
        "What is the capital of France?",
        "How do I boil an egg?",
        "光速是多少？",
        "Fix this: SELEC * FROM t",
    ):
        assert not any("Schrödinger" in memory.text for memory in long_diary.memory.recall(question, here))


def test_recalls_nothing_for_a_question_that_has_nothing_to_do_with_it(diary: Diary) -> None:
    diary.memory.remember(diary.say(diary.chat(), CAT))
    diary.memory.remember(diary.say(diary.chat(), KATZE))
    for question in (
        "What is the capital of France?",
        "Write a function that sorts a list.",
        "今天天气怎么样？",
        "Hello",
        " ",
    ):
        assert diary.memory.recall(question, diary.chat()) == ()


def test_names_the_message_it_comes_from(diary: Diary) -> None:
    chat = diary.chat("Pets")
    id_ = diary.say(chat, CAT, "Noted.")
    diary.memory.remember(id_)
    (memory,) = diary.memory.recall("What is my cat called?", diary.chat())
    assert (memory.message_id, memory.conversation_id, memory.conversation_title) == (id_, chat, "Pets")
    assert memory.text == f"User: {CAT}\nAssistant: Noted."
    assert memory.date == diary.exchanges.get([id_])[0].date


def test_leaves_out_the_conversation_that_asks_however_much_it_says(diary: Diary) -> None:
    here = diary.chat()
    for number in range(25):
        diary.say(here, f"What is my cat called? ({number})", "I do not know.")
    diary.say(diary.chat(), CAT)
    diary.memory.reconcile()
    assert [memory.text for memory in diary.memory.recall("What is my cat called?", here)] == [
        f"User: {CAT}\nAssistant: OK."
    ]


def test_what_came_from_files_is_read_again_and_not_recalled(diary: Diary) -> None:
    diary.say(diary.chat(), "What is my cat called according to pets.txt?", "Schrödinger", read="cat: Schrödinger")
    assert diary.memory.reconcile() == 1
    assert diary.memory.recall("What is my cat called?", diary.chat()) == ()
    diary.say(diary.chat(), CAT)
    assert diary.memory.reconcile() == 1
    (recalled,) = diary.memory.recall("What is my cat called?", diary.chat())
    assert CAT in recalled.text


def test_recalls_three_at_most_and_nothing_twice(diary: Diary) -> None:
    chat = diary.chat()
    for _ in range(4):
        diary.say(chat, CAT)
    for name in ("Tom", "Mia", "Leo", "Kim"):
        diary.say(chat, f"My cat is called {name}.")
    diary.memory.reconcile()
    texts = [memory.text for memory in diary.memory.recall("What is my cat called?", diary.chat())]
    assert len(texts) == len(set(texts)) == 3
    scores = [memory.score for memory in diary.memory.recall("What is my cat called?", diary.chat())]
    assert scores == sorted(scores, reverse=True)


def test_a_deleted_conversation_is_not_recalled_until_it_is_restored(diary: Diary) -> None:
    chat = diary.chat()
    diary.memory.remember(diary.say(chat, CAT))
    diary.conversations.delete(chat)
    assert not diary.memory.recall("What is my cat called?", diary.chat())
    diary.conversations.restore(chat)
    assert diary.memory.recall("What is my cat called?", diary.chat())


def test_what_is_forgotten_is_not_recalled(diary: Diary) -> None:
    id_ = diary.say(diary.chat(), CAT)
    diary.memory.remember(id_)
    diary.memory.forget([id_, "unknown"])
    assert not diary.memory.recall("What is my cat called?", diary.chat())


def test_remembering_what_does_not_exist_changes_nothing(diary: Diary) -> None:
    diary.memory.remember("unknown")
    assert diary.reports == []
    assert diary.memory.reconcile() == 0


def test_the_index_follows_the_database(diary: Diary, embedder: Lent) -> None:
    gone = diary.chat()
    diary.say(gone, "Something else.")
    diary.memory.reconcile()
    diary.conversations.delete(gone)
    diary.conversations.purge_deleted()
    for number in range(20):
        diary.say(diary.chat(), f"Fact number {number}")
    assert diary.memory.reconcile() == 21
    before = embedder.asked
    assert diary.memory.reconcile() == 0
    assert embedder.asked == before
    assert diary.reopen().reconcile() == 0


class Broken:
    """An embedder that fails when it is told to."""

    def __init__(self, embedder: Lent) -> None:
        self._embedder = embedder
        self.id = embedder.id
        self.broken = False

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
        if self.broken:
            raise DesktopAgentError("llama_encode failed with code -1")
        return self._embedder.embed(texts, kind)

    def close(self) -> None:
        pass


def test_a_failing_embedder_fails_no_turn_and_is_reported_once(diary: Diary, embedder: Lent) -> None:
    diary.embedder = broken = Broken(embedder)
    memory = diary.reopen()
    id_ = diary.say(diary.chat(), CAT)
    broken.broken = True
    memory.remember(id_)
    assert memory.recall("What is my cat called?", diary.chat()) == ()
    assert memory.reconcile() == 0
    assert diary.reports == ["Nothing is recalled at the moment: llama_encode failed with code -1"] == [memory.problem]
    broken.broken = False
    assert memory.reconcile() == 1
    assert memory.recall("What is my cat called?", diary.chat())


def test_a_failing_index_fails_no_turn_and_is_reported_once(diary: Diary) -> None:
    diary.memory.remember(diary.say(diary.chat(), CAT))
    diary.memory._index._collection.query = None  # as if Chroma had lost its head
    assert diary.memory.recall("What is my cat called?", diary.chat()) == ()
    assert diary.memory.recall("What is my cat called?", diary.chat()) == ()
    assert len(diary.reports) == 1
    assert "The memory index failed" in diary.reports[0]
    assert diary.reopen().recall("What is my cat called?", diary.chat())


def test_a_closed_memory_recalls_nothing_and_takes_nothing(diary: Diary) -> None:
    id_ = diary.say(diary.chat(), CAT)
    diary.memory.close()
    diary.memory.close()
    diary.memory.remember(id_)
    diary.memory.forget([id_])
    assert diary.memory.recall("What is my cat called?", diary.chat()) == ()
    assert diary.memory.reconcile() == 0
    assert diary.reports == []
