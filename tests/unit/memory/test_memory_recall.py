"""Recall over a real database and index."""

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop_agent.events import RecalledMemory
from desktop_agent.lexical import Group
from desktop_agent.memory.recall import Memory
from desktop_agent.messages import RecallQuery
from tests.helpers.remembering import Remembering, Said
from tests.unit.memory.gate_set import small_talk

CAT = "Remember: my cat is called Schrödinger."
KATZE = "记住：我的猫叫薛定谔。"
ASKED = RecallQuery("What is my cat called?")
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


def said(*texts: str, on: datetime | None = None) -> list[Said]:
    """Return messages of the user and the assistant in turns."""
    roles = ("user", "assistant")
    times = [(on + timedelta(seconds=at)).isoformat() if on else "" for at in range(len(texts))]
    return [Said(text, roles[at % 2], "", times[at]) for at, text in enumerate(texts)]


def texts(notes: Sequence[RecalledMemory]) -> str:
    return "\n".join(note.text for note in notes)


@pytest.fixture
def dated(tmp_path: Path) -> Iterator[Remembering]:
    """Memory without an embedder on a Sunday in November 2026."""
    with Remembering(tmp_path, None, lambda: NOW) as made:
        yield made


def test_finds_the_cat_among_two_hundred_exchanges(diary: Remembering) -> None:
    for question, answer in small_talk(200):
        diary.tell(said(question, answer))
    diary.tell(said(CAT, "Got it!", KATZE, "好的，我记住了。"), title="Pets")
    diary.settle()
    for question, words in (
        ("What is my cat called?", CAT),
        ("Do you remember the name of my cat?", CAT),
        ("我的猫叫什么名字？", KATZE),
    ):
        best = diary.memory.recall(RecallQuery(question))[0]
        assert words in best.text
        assert best.conversation_title == "Pets"
        assert best.score > 0.3
    for question in (
        "What is the capital of France?",
        "How do I boil an egg?",
        "光速是多少？",
        "Fix this: SELEC * FROM t",
    ):
        assert "Schrödinger" not in texts(diary.memory.recall(RecallQuery(question)))


def test_a_note_is_the_hit_with_what_was_said_around_it(diary: Remembering) -> None:
    ids = diary.tell(
        said("Hello", "Hi! How can I help?", CAT, "Noted.", "Tell me about the moon.", "It is far."), "Pets"
    )
    diary.settle()
    (note,) = diary.memory.recall(ASKED)
    assert note.text == f"Assistant: Hi! How can I help?\nUser: {CAT}\nAssistant: Noted."
    assert (note.message_id, note.turn_ids) == (ids[2], tuple(ids[1:4]))
    (turn,) = diary.store.turns.get([ids[2]])
    assert (note.conversation_id, note.conversation_title, note.date) == (turn.conversation_id, "Pets", turn.date)
    assert (note.origin, note.memory_id) == ("chat", "")


def test_hits_of_one_chat_are_one_note_without_repetition(wordy: Remembering) -> None:
    ids = wordy.tell(said("My cat is called Tom.", "A nice cat.", "The cat eats fish.", "Good."))
    wordy.tell(said("Another cat called Mia lives next door.", "I see."))
    notes = wordy.memory.recall(RecallQuery("cat Tom fish Mia"))
    assert sorted(len(note.turn_ids) for note in notes) == [2, 4]
    whole = next(note for note in notes if len(note.turn_ids) == 4)
    assert whole.turn_ids == tuple(ids)
    assert whole.text.count("\n") == 3


def test_notes_stay_within_their_tokens_and_keep_the_best_hit(wordy: Remembering) -> None:
    ids = wordy.tell(
        said("Tell me. " * 300, f"{'Nothing. ' * 300} Schrödinger is my cat. {'Nothing. ' * 300}", "So. " * 300)
    )
    for number in range(6):
        wordy.tell(said(f"My cat number {number} sleeps all day long, whatever happens. " * 10, "I see. " * 40))
    for tokens in (30, 60, 120, 500):
        notes = wordy.memory.recall(RecallQuery("Schrödinger cat", tokens=tokens))
        assert notes[0].message_id == ids[1]
        assert "Schrödinger" in notes[0].text
        assert sum(len(note.text) for note in notes) / 4 <= tokens * 1.1


def test_turns_that_the_model_sees_are_left_out(wordy: Remembering) -> None:
    ids = wordy.tell(said(CAT, "A fine cat."))
    other = wordy.tell(said("The cat was called in from the garden.", "Did it come?"))
    notes = wordy.memory.recall(RecallQuery("What is my cat called?", in_prompt=frozenset(ids)))
    assert [note.message_id for note in notes] == [other[0]]
    hidden = frozenset([ids[1], *other])
    (note,) = wordy.memory.recall(RecallQuery("What is my cat called?", in_prompt=hidden))
    assert note.turn_ids == (ids[0],)


def test_the_same_words_are_recalled_once_and_the_question_itself_never(wordy: Remembering) -> None:
    for _ in range(4):
        wordy.tell(said(CAT))
    wordy.tell(said("What is my cat called?"))
    assert [note.text for note in wordy.memory.recall(ASKED)] == [f"User: {CAT}"]


def test_a_short_question_leans_on_the_message_before(wordy: Remembering) -> None:
    wordy.tell(said("Anna moved to Bern in 2019."))
    wordy.tell(said("The garden needs water."))
    assert wordy.memory.recall(RecallQuery("And when was that?")) == ()
    assert "Bern" in texts(wordy.memory.recall(RecallQuery("And when was that?", before="Anna moved to Bern, right?")))


def test_what_was_dismissed_is_recalled_less(wordy: Remembering) -> None:
    first = wordy.tell(said("My cat is called Tom."))[0]
    second = wordy.tell(said("My cat is called Mia."))[0]
    for turn_id, other in ((first, second), (second, first)):
        wordy.store.dismissals.add(turn_id)
        wordy.store.dismissals.add(turn_id)
        hits = wordy.memory.rank(RecallQuery("cat called"))
        assert hits[0].turn_id == other
        wordy.store.dismissals.add(other)
        wordy.store.dismissals.add(other)
    for _ in range(10):
        wordy.store.dismissals.add(first)
    assert [note.message_id for note in wordy.memory.recall(RecallQuery("cat called"))] in ([second], [])


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("What did we talk about yesterday?", 1),
        ("What did we discuss last week?", 9),
        ("昨天我们聊了什么？", 1),
        ("去年我说了什么？", 500),
        ("What happened three weeks ago?", 21),
    ],
)
def test_days_that_a_question_names_are_looked_up(dated: Remembering, question: str, day: int) -> None:
    ids = {
        back: dated.tell(said(f"Item {back} is done.", on=NOW - timedelta(back)))[0] for back in (0, 1, 9, 21, 100, 500)
    }
    assert [note.message_id for note in dated.memory.recall(RecallQuery(question))] == [ids[day]]


def test_named_days_come_before_others_that_fit_as_well(dated: Remembering) -> None:
    for back in (100, 40, 1):
        dated.tell(said("We planted tomatoes in the garden.", on=NOW - timedelta(back)))
    october = dated.memory.rank(RecallQuery("When did we plant tomatoes in October?"))
    assert october[0].in_period
    assert october[0].turn.date.startswith("2026-10")


def test_of_two_that_fit_as_well_the_newer_is_first(dated: Remembering) -> None:
    for back in (400, 3, 800):
        dated.tell(said("We planted tomatoes in the garden.", on=NOW - timedelta(back)))
    hits = dated.memory.rank(RecallQuery("planted tomatoes"))
    assert [hit.turn.date[:4] for hit in hits] == ["2026", "2025", "2024"]


def test_an_old_fact_is_not_buried_by_new_talk(dated: Remembering) -> None:
    old = dated.tell(said(CAT, on=NOW - timedelta(1000)))[0]
    for number in range(30):
        dated.tell(said(f"The cat show number {number} was called off.", on=NOW - timedelta(1)))
    assert dated.memory.rank(RecallQuery("Schrödinger my cat"))[0].turn_id == old


def test_saved_memories_are_recalled_with_their_origin_and_count_as_used(diary: Remembering) -> None:
    (message,) = diary.tell(said(CAT))
    saved = diary.store.saved.add("My cat is called Schrödinger", "said", message_id=message)
    diary.memory.remember([f"memory-{saved.id}"])
    diary.settle()
    (note,) = diary.memory.recall(ASKED)
    assert (note.text, note.origin, note.memory_id) == ("My cat is called Schrödinger", "said", saved.id)
    assert (note.message_id, note.turn_ids) == (message, (f"memory-{saved.id}",))
    assert diary.store.saved.get(saved.id).used_at


def test_what_stands_in_the_prompt_is_not_recalled_again_in_the_words_it_was_said_in(wordy: Remembering) -> None:
    (message,) = wordy.tell(said(CAT))
    saved = wordy.store.saved.add("my cat is called Schrödinger", "said", message_id=message)
    seen = frozenset([f"memory-{saved.id}"])
    assert wordy.memory.recall(RecallQuery("What is my cat called?", in_prompt=seen)) == ()


def test_standing_memories_are_pinned_ones_then_the_latest_within_the_tokens(wordy: Remembering) -> None:
    saved = wordy.store.saved
    names = [saved.add(f"Fact number {number} " + "x" * 60, "written").text for number in range(5)]
    saved.add("Ended", "written", valid_until="2001-01-01")
    pinned = saved.add("The user is called Anna", "said", pinned=True)
    standing = wordy.memory.standing()
    assert [note.text for note in standing] == [pinned.text, *reversed(names)]
    assert (standing[0].origin, standing[0].memory_id, standing[0].turn_ids) == (
        "said",
        pinned.id,
        (f"memory-{pinned.id}",),
    )
    assert [note.text for note in wordy.memory.standing(30)] == [pinned.text, names[4]]
    assert wordy.memory.standing(3) == ()


def test_search_finds_each_turn_alone_without_a_gate(wordy: Remembering) -> None:
    wordy.tell(said(CAT, "Noted."))
    wordy.tell(said("The plumber comes on Thursdays only.", "Noted."))
    found = wordy.memory.search(RecallQuery("plumber and cat"), 2)
    assert {note.text for note in found} == {f"User: {CAT}", "User: The plumber comes on Thursdays only."}
    assert wordy.memory.search(RecallQuery("plumber"), 1)[0].text == "User: The plumber comes on Thursdays only."
    assert wordy.memory.search(RecallQuery(" ")) == []


def test_a_deleted_chat_is_not_recalled_until_it_is_restored(diary: Remembering) -> None:
    ids = diary.tell(said(CAT))
    diary.settle()
    (chat,) = (turn.conversation_id for turn in diary.store.turns.get(ids))
    diary.store.conversations.delete(chat)
    assert diary.memory.recall(ASKED) == ()
    diary.store.conversations.restore(chat)
    assert CAT in texts(diary.memory.recall(ASKED))


def test_what_is_taken_out_of_the_index_is_still_found_by_its_words(diary: Remembering) -> None:
    ids = diary.tell(said(CAT))
    diary.settle()
    diary.memory.forget(ids)
    diary.settle()
    (hit,) = diary.memory.rank(ASKED)
    assert hit.cosine is None


class Broken:
    """An index that fails."""

    def __init__(self) -> None:
        self.closed = 0

    def search(self, text: str, count: int) -> dict[Group, list[tuple[str, float]]]:
        raise RuntimeError("lost its head")

    def queue(self, ids: object) -> None:
        pass

    remove = queue

    def reconcile(self) -> None:
        pass

    def close(self) -> None:
        self.closed += 1


def test_a_failing_index_leaves_the_words(wordy: Remembering, caplog: pytest.LogCaptureFixture) -> None:
    wordy.tell(said(CAT))
    wordy.memory.attach(Broken())  # type: ignore[arg-type]
    assert CAT in texts(wordy.memory.recall(ASKED))
    assert "The index failed" in caplog.text


def test_an_index_is_attached_while_others_ask(diary: Remembering) -> None:
    (id_,) = diary.tell(said(CAT))
    diary.settle()
    asked = RecallQuery("我的猫叫什么名字？")
    diary.memory.attach(None)
    assert diary.memory.recall(asked) == ()
    stop = threading.Event()
    asking = threading.Thread(target=lambda: [diary.memory.recall(asked) for _ in iter(stop.is_set, True)])
    asking.start()
    diary.memory.attach(diary.dense)
    assert diary.memory.recall(asked)[0].message_id == id_
    stop.set()
    asking.join()


def test_a_closed_memory_goes_by_words(wordy: Remembering) -> None:
    wordy.tell(said(CAT))
    broken = Broken()
    wordy.memory.attach(broken)  # type: ignore[arg-type]
    wordy.memory.close()
    wordy.memory.close()
    assert broken.closed == 1
    assert CAT in texts(wordy.memory.recall(ASKED))


def test_a_memory_of_turns_alone_works(wordy: Remembering) -> None:
    memory = Memory(wordy.store.turns)
    wordy.tell(said(CAT))
    memory.remember(["x"])
    memory.forget(["x"])
    memory.reconcile()
    assert CAT in texts(memory.recall(ASKED))
    assert memory.standing() == ()
    memory.close()
