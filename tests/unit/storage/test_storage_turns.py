from datetime import UTC, date, datetime, timedelta

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.lexical import LexicalHits
from desktop_agent.messages import Message, ToolResult, Turn
from desktop_agent.storage.transcript import Transcript
from desktop_agent.storage.turns import Turns
from tests.helpers import word_tables

FILE = Message("tool", result=ToolResult("1", "read_file", "Total: 12", untrusted=True))
CLOCK = Message("tool", result=ToolResult("1", "clock", "noon"))


@pytest.fixture
def turns(database):
    yield Turns(database)
    word_tables.check(database)


@pytest.fixture
def say(transcript, chat):
    """Add a message and return its id."""

    def say(text: str, role: str = "user", where: str = "", **named: str) -> str:
        return transcript.append(where or chat, Message(role, text), **named).id

    return say


def found(turns: Turns, question: str) -> list[str]:
    """The ids by the turns' own words, best first."""
    return [id_ for id_, _score in turns.search(question, 10).turns]


def test_what_both_say_becomes_turns(turns, transcript, chat, say):
    question = transcript.append(chat, Message("user", "Where is Köln?"))
    answer = transcript.append(chat, Message("assistant", "On the Rhine.", author="Ann"))
    assert turns.ids() == {question.id, answer.id}
    assert turns.count() == 2
    assert turns.get([answer.id, "unknown", question.id]) == [
        Turn(answer.id, chat, "our chat", answer.created_at, "Ann", "On the Rhine."),
        Turn(question.id, chat, "our chat", question.created_at, "User", "Where is Köln?"),
    ]


@pytest.mark.parametrize(
    ("status", "remembered"),
    [("complete", True), ("stopped", True), ("interrupted", True), ("failed", False), ("streaming", False)],
)
def test_an_answer_becomes_a_turn_when_it_is_final(turns, transcript, chat, status, remembered):
    answer = transcript.append(chat, Message("assistant"), "streaming")
    transcript.update(answer.id, Message("assistant", "On the"), "streaming")
    assert turns.count() == 0
    transcript.update(answer.id, Message("assistant", "On the Rhine."), status)
    assert (turns.ids() == {answer.id}) == remembered
    assert (found(turns, "rhine") == [answer.id]) == remembered


def test_a_failed_question_is_no_turn_any_more(turns, transcript, say):
    before, failed, after = say("apples"), say("pears"), say("plums")
    transcript.update(failed, Message("user", "pears"), "failed")
    assert turns.ids() == {before, after}
    assert found(turns, "pears") == []
    assert turns.search("pears", 10).windows == []
    assert turns.neighbours([before])[before] == tuple(turns.get([before, after]))


def test_an_answer_without_words_and_a_result_are_no_turns(turns, transcript, chat):
    transcript.append(chat, Message("assistant", " ", raw="<tool_call>"))
    transcript.append(chat, CLOCK)
    assert turns.ids() == set()


def test_answers_after_a_file_was_read_are_no_turns_but_what_the_user_says_is(
    turns, transcript, conversations, say, chat
):
    plain = [say("Hello"), say("Hello!", "assistant")]
    transcript.append(chat, CLOCK)
    plain.append(say("It is noon", "assistant"))
    transcript.append(chat, FILE)
    say("12 it is", "assistant")
    mine = say("And twice that?")
    say("24", "assistant")
    other = say("Elsewhere", "assistant", conversations.create().id)
    assert turns.ids() == {*plain, mine, other}


def test_an_interrupted_answer_is_remembered_after_the_restart(turns, transcript, chat):
    answer = transcript.append(chat, Message("assistant", "half an ans"), "streaming")
    transcript.append(chat, Message("assistant", ""), "streaming")
    assert transcript.mark_interrupted() == 2
    assert turns.ids() == {answer.id}


def test_a_changed_message_is_found_by_its_new_words_only(turns, transcript, say):
    before, changed = say("one"), say("apples")
    transcript.update(changed, Message("user", "pears"), "complete")
    assert found(turns, "apples") == []
    assert found(turns, "pears") == [changed]
    assert [id_ for id_, _score in turns.search("pears", 10).windows] == [changed, before]
    assert turns.search("apples", 10).windows == []


def test_neighbours_are_those_of_the_same_chat(turns, conversations, transcript, chat, say, saved):
    other = conversations.create().id
    first, _elsewhere, second = say("1"), say("x", where=other), say("2")
    transcript.append(chat, CLOCK)
    third, memory = say("3"), saved.add("a fact", "written")
    got = turns.neighbours([second, first, third, f"memory-{memory.id}", "unknown"])
    ids = {id_: [turn.id for turn in run] for id_, run in got.items()}
    assert ids == {
        second: [first, second, third],
        first: [first, second],
        third: [second, third],
        f"memory-{memory.id}": [f"memory-{memory.id}"],
    }


def test_a_window_is_found_by_its_neighbours_words(turns, say):
    ids = [say(text) for text in ("apples", "pears", "plums", "grapes")]
    assert {id_ for id_, _score in turns.search("pears", 10).windows} == set(ids[:3])
    assert turns.search("pears", 1).windows == turns.search("pears", 10).windows[:1]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("She was running in the parks", "Who runs in a park?"),
        ("Wir wohnen in KÖLN", "koln"),
        ("我喜欢喝咖啡", "你喜欢咖啡吗？"),
        ("我用Python写代码", "python 代码"),
        ("明天去上海", "上海"),
        ("Ｆｕｌｌ width", "full"),
        ("the answer is 42", "42?"),
    ],
)
def test_words_are_found_in_any_form_and_script(turns, say, said, asked):
    say("something else entirely, 别的事情")
    wanted = say(said)
    assert found(turns, asked)[0] == wanted


@pytest.mark.parametrize(
    "question",
    [
        '"',
        "apples AND NOT pears",
        "apples* ^apples apples:",
        "words : apples",
        "NEAR(apples, 2)",
        "apples' OR '1'='1",
        "-apples +(",
        "apples \udce9 \x00",
    ],
)
def test_no_character_is_an_instruction(turns, say, question):
    wanted = say("apples")
    assert found(turns, question) == ([wanted] if "apples" in question else [])


@pytest.mark.parametrize("question", ["", "   ", "?!", "who are you", "的"])
def test_without_words_nothing_is_found(turns, say, question):
    say("who are you? 的")
    assert turns.search(question, 10) == LexicalHits([], [])


def test_a_very_long_question_is_looked_up_by_both_its_ends(turns, say):
    first, last = say("apples"), say("plums")
    filler = " ".join(f"w{number}" for number in range(20_000))
    assert len(filler) > 100_000
    assert set(found(turns, f"apples {filler} plums")) == {first, last}


def test_day_and_author_are_words_too(turns, transcript, chat, say):
    say("Nothing of note")
    dated = say("A fine day", created_at="2023-05-08T12:00:00+00:00")
    named = transcript.append(chat, Message("user", "Hello there", author="Melanie")).id
    assert found(turns, "What happened on 8 May 2023?")[0] == dated
    assert found(turns, "What did Melanie say?") == [named]
    assert found(turns, "user assistant") == []


def test_common_words_do_not_hide_a_rare_one(turns, say, monkeypatch):
    monkeypatch.setattr("desktop_agent.storage.word_search.MOST_ROWS", 5)
    for number in range(10):
        say(f"apples again, number {number}")
    wanted = say("quinces")
    assert found(turns, "apples number quinces")[0] == wanted
    assert len(found(turns, "apples")) == 10  # alone it is looked up all the same


def test_those_of_a_deleted_chat_are_hidden_until_it_is_restored(turns, conversations, chat, say):
    other = conversations.create().id
    gone, stays = say("apples and pears"), say("apples, too", where=other)
    conversations.delete(chat)
    assert turns.ids() == {stays}
    assert turns.get([gone, stays]) == turns.get([stays])
    assert turns.neighbours([gone]) == {}
    assert [id_ for id_, _score in turns.search("apples pears", 1).turns] == [stays]
    conversations.restore(chat)
    assert turns.ids() == {gone, stays}


def test_saved_memories_are_turns_while_they_hold(turns, saved, say):
    today = date.today()  # the user's own day
    fact = saved.add("My cat is called Momo", "said", message_id=say("Remember that my cat is called Momo"))
    id_ = f"memory-{fact.id}"
    (turn,) = turns.get([id_])
    assert (turn.text, turn.origin, turn.speaker, turn.conversation_title) == (fact.text, "said", "User", "our chat")
    assert id_ in found(turns, "momo")
    saved.edit(fact.id, "My cat is called Minka")
    assert id_ not in found(turns, "momo")
    assert id_ in found(turns, "minka")
    saved.set_end(fact.id, today.isoformat())
    assert id_ in turns.ids()
    saved.set_end(fact.id, (today - timedelta(days=1)).isoformat())
    assert id_ not in turns.ids()
    assert id_ not in found(turns, "minka")


def test_more_ids_than_sqlite_has_variables_are_fine(turns, say):
    told = say("hello")
    ids = [f"unknown {number}" for number in range(300_000)] + [told]
    assert [turn.id for turn in turns.get(ids)] == [told]


def test_what_is_left_out_leaves_its_neighbours_windows_too(turns, say):
    before, gone = say("apples"), say("pears")
    turns.leave_out([gone, "unknown"])
    assert turns.ids() == {before}
    assert turns.search("pears", 10) == LexicalHits([], [])


def test_a_chat_that_does_not_save_is_private_for_good(turns, conversations, transcript, chat, say):
    early = [say("apples"), say("pears", "assistant")]
    assert set(conversations.set_memory(chat, saves=False)) == set(early)
    assert turns.ids() == set()
    silent = say("plums")
    conversations.set_memory(chat, saves=True)
    answer = transcript.append(chat, Message("assistant"), "streaming")  # to what was said in private
    transcript.update(answer.id, Message("assistant", "plums are fine"), "complete")
    for message_id in (*early, silent):
        stored = transcript.get(message_id)
        assert stored.private
        transcript.update(message_id, Message(stored.message.role, "in other words"), "complete")
    assert turns.ids() == set()
    later = [say("grapes"), say("figs", "assistant")]
    assert turns.ids() == set(later)
    assert [stored.private for stored in transcript.history(chat)] == [True] * 4 + [False] * 2


def test_consent_is_kept_per_chat(conversations, chat):
    other = conversations.create()
    assert (other.uses_memory, other.saves_memory) == (True, True)
    assert conversations.set_memory(chat, uses=False) == []
    kept = conversations.get(chat)
    assert (kept.uses_memory, kept.saves_memory) == (False, True)
    conversations.set_memory(chat, saves=False)
    kept = conversations.get(chat)
    assert (kept.uses_memory, kept.saves_memory) == (False, False)
    assert conversations.get(other.id) == other
    with pytest.raises(UserFacingError, match="no such conversation"):
        conversations.set_memory("unknown", uses=False)


def test_what_is_said_while_memory_is_paused_is_private(turns, database, chat):
    paused = True
    transcript = Transcript(database, lambda: paused)
    question = transcript.append(chat, Message("user", "apples"))
    answer = transcript.append(chat, Message("assistant"), "streaming")
    paused = False
    transcript.update(question.id, Message("user", "apples", notes="Today is Monday."), "complete")
    transcript.update(answer.id, Message("assistant", "pears"), "complete")
    assert turns.ids() == set()
    question = transcript.append(chat, Message("user", "plums"))
    answer = transcript.append(chat, Message("assistant"), "streaming")
    paused = True
    transcript.update(answer.id, Message("assistant", "grapes"), "complete")
    paused = False
    transcript.update(answer.id, Message("assistant", "grapes, again"), "complete")
    assert turns.ids() == {question.id}


def test_imported_messages_keep_their_time_and_privacy(turns, conversations, transcript):
    made = conversations.create("old", created_at="2023-05-08T12:00:00+02:00")
    assert made.created_at == "2023-05-08T10:00:00.000000+00:00"
    said = transcript.append(made.id, Message("user", "hello"), created_at="2023-05-08T12:30:00+00:00")
    hidden = transcript.append(made.id, Message("user", "secret"), private=True)
    assert said.created_at == transcript.get(said.id).created_at == "2023-05-08T12:30:00.000000+00:00"
    assert turns.ids() == {said.id}
    assert transcript.get(hidden.id) == hidden
    with pytest.raises(UserFacingError, match="'yesterday' is not a time"):
        transcript.append(made.id, Message("user", "hello"), created_at="yesterday")
    assert datetime.fromisoformat(conversations.get(made.id).updated_at) > datetime(2024, 1, 1, tzinfo=UTC)


def test_a_purged_chat_takes_its_turns_along(turns, conversations, chat, say, database):
    say("apples")
    conversations.delete(chat)
    conversations.purge_deleted()
    assert turns.count() == 0
    assert not {word for word in word_tables.words(database) if word.startswith("appl")}
