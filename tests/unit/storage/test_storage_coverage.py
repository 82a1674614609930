"""What memory asks of turns beside the search: how much of a question they have, and which are of some days."""

import pytest

from desktop_agent.messages import Message
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.saved_memories import SavedMemories
from desktop_agent.storage.transcript import Transcript
from desktop_agent.storage.turns import Turns


@pytest.fixture
def turns(database):
    return Turns(database)


@pytest.fixture
def say(database):
    chat = Conversations(database).create("").id
    return lambda text, on="": Transcript(database).append(chat, Message("user", text), created_at=on).id


def test_a_rare_word_covers_more_of_a_question_than_a_common_one(turns, say):
    cat, tom, both = say("A cat"), say("Tom"), say("The cats are with Tom.")
    for number in range(5):
        say(f"cat {number}")
    shares = turns.coverage("Is Tom the cat?", [cat, tom, both, "unknown"])
    assert shares.keys() == {cat, tom, both}
    assert shares[both] == pytest.approx(1)
    assert 0 < shares[cat] < 0.5 < shares[tom] < 1
    assert shares[cat] + shares[tom] == pytest.approx(1)


def test_a_word_that_nobody_said_is_missing_from_every_turn(turns, say):
    cat = say("A cat")
    assert turns.coverage("cat", [cat])[cat] == pytest.approx(1)
    assert turns.coverage("cat Schrödinger", [cat])[cat] < 0.5


def test_chinese_is_covered_by_characters_and_pairs(turns, say):
    whole, half = say("我的猫叫薛定谔"), say("猫和狗")
    shares = turns.coverage("猫叫什么？", [whole, half])
    assert shares[whole] > shares[half] > 0


def test_saved_memories_are_covered_too_and_nothing_covers_no_words(database, turns, say):
    saved = SavedMemories(database).add("My cat is called Tom", "written")
    assert turns.coverage("Tom", [f"memory-{saved.id}"]) == {f"memory-{saved.id}": pytest.approx(1)}
    assert turns.coverage("Is it?", [say("It is.")]) == {turns.between("2000", "9999", 1)[0]: 0}
    assert turns.coverage("cat", []) == {}


def test_turns_of_some_days_come_newest_first(database, turns, say):
    days = {day: say("Something", f"2026-03-0{day}T12:00:00+00:00") for day in (3, 1, 2, 4)}
    assert turns.between("2026-03-01T12:00:00+00:00", "2026-03-04T12:00:00+00:00", 9) == [days[3], days[2], days[1]]
    assert turns.between("2026-03-01", "2026-03-09", 2) == [days[4], days[3]]
    saved = SavedMemories(database).add("My cat is called Tom", "written")
    assert turns.between("2026-03-05", "9999", 9) == [f"memory-{saved.id}"]


def test_turns_of_deleted_chats_are_not_found(database, turns):
    conversations = Conversations(database)
    chat = conversations.create("").id
    id_ = Transcript(database).append(chat, Message("user", "A cat")).id
    conversations.delete(chat)
    assert turns.coverage("cat", [id_]) == {}
    assert turns.between("2000", "9999", 9) == []
