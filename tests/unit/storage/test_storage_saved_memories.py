from dataclasses import replace

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message, SavedMemory
from desktop_agent.storage.dismissals import Dismissals
from desktop_agent.storage.saved_memories import SavedMemories
from desktop_agent.storage.suggestions import Suggestion, Suggestions
from desktop_agent.storage.transcript import StoredMessage, Transcript
from desktop_agent.storage.turns import Turns
from tests.helpers import word_tables


@pytest.fixture
def saved(database):
    yield SavedMemories(database)
    word_tables.check(database)


@pytest.fixture
def suggestions(database):
    return Suggestions(database)


@pytest.fixture
def said(database, conversations) -> StoredMessage:
    chat = conversations.create("our chat")
    return Transcript(database).append(chat.id, Message("user", "Remember that my cat is called Momo"))


def test_a_saved_fact_leads_to_its_message(saved, said):
    made = saved.add("  my cat is called Momo\n", "said", message_id=said.id)
    assert made == SavedMemory(
        made.id,
        "my cat is called Momo",
        "said",
        made.created_at,
        made.created_at,
        said.id,
        said.conversation_id,
        "our chat",
    )
    assert saved.get(made.id) == made
    assert saved.list() == [made]


def test_a_fact_that_is_there_is_returned_as_it_is(saved):
    made = saved.add("My cat is called Momo", "said")
    assert saved.add("my cat, is called MOMO!", "written", pinned=True) == made
    saved.set_end(made.id, "2020-01-01")
    assert saved.add("My cat is called Momo", "said").id != made.id  # the old one holds no longer


@pytest.mark.parametrize("text", ["", "  ", "?!"])
def test_without_words_there_is_nothing_to_remember(saved, text):
    with pytest.raises(UserFacingError, match="no words"):
        saved.add(text, "written")
    made = saved.add("fact", "written")
    with pytest.raises(UserFacingError, match="no words"):
        saved.edit(made.id, text)
    assert saved.list() == [made]


def test_an_end_is_a_day(saved):
    made = saved.add("fact", "written", valid_until="20991231")
    assert made.valid_until == "2099-12-31"
    with pytest.raises(UserFacingError, match="'tomorrow' is not a day"):
        saved.set_end(made.id, "tomorrow")
    with pytest.raises(UserFacingError, match="'2026-02-30' is not a day"):
        saved.add("another fact", "written", valid_until="2026-02-30")
    assert saved.list() == [made]


def test_the_list_is_filtered(saved, database):
    said = saved.add("Momo is a cat", "said")
    written = saved.add("我喜欢，咖啡", "written")
    database.execute("UPDATE saved_memories SET created_at = '2023-05-08T12:00:00.000000+00:00' WHERE id = ?", said.id)

    def ids(**filters: str) -> list[str]:
        return [memory.id for memory in saved.list(**filters)]

    assert ids() == [written.id, said.id]
    assert ids(search="IS A") == [said.id]
    assert ids(search="喜欢咖啡") == [written.id]
    assert ids(search="%") == [written.id, said.id]  # no words are no filter
    assert ids(search="cats") == []
    assert ids(origin="written") == [written.id]
    assert ids(since="2023-05-08", until="2023-05-08") == [said.id]
    assert ids(since="2023-05-09") == [written.id]
    assert ids(until="2023-05-07") == []


def test_those_that_hold_come_pinned_first_then_the_last_used(saved):
    one, two, three, pinned, ended, old = (
        saved.add(text, "written") for text in ("one", "two", "three", "pinned", "ended", "old")
    )
    saved.pin(pinned.id, True)
    saved.set_end(ended.id, "2026-01-01")
    saved.replace(old.id, one.id)
    saved.used([one.id, "unknown"])
    assert [memory.text for memory in saved.active("2026-01-02")] == ["pinned", "one", "three", "two"]
    assert saved.active("2026-01-01")[2].text == "ended"  # the last day counts
    assert saved.get(one.id).used_at > one.created_at
    saved.set_end(ended.id, "")
    saved.replace(old.id, "")
    assert len(saved.active("2026-01-02")) == 6
    saved.edit(two.id, "two, changed")
    assert saved.active("2026-01-02")[1].text == "two, changed"
    assert saved.get(three.id) == three


def test_merged_ones_are_set_aside_for_one_text(saved):
    one, two = saved.add("Momo is a cat", "said"), saved.add("Momo is three", "said", pinned=True)
    whole = saved.merge([one.id, two.id], "Momo is a cat of three years")
    assert (whole.origin, whole.pinned) == ("written", True)
    assert [memory.id for memory in saved.active("2026-01-01")] == [whole.id]
    assert {memory.replaced_by for memory in saved.list() if memory.id != whole.id} == {whole.id}
    saved.delete(whole.id)
    assert {memory.id for memory in saved.active("2026-01-01")} == {one.id, two.id}


def test_merging_into_one_of_the_texts_keeps_that_one(saved):
    one, two = saved.add("Momo is a cat", "said"), saved.add("Momo is a pet", "said")
    assert saved.merge([one.id, two.id], "Momo is a cat.").id == one.id
    assert [memory.id for memory in saved.active("2026-01-01")] == [one.id]


def test_a_deleted_one_is_found_no_longer(saved, said, database):
    made = saved.add("my cat is called Momo", "said", message_id=said.id, pinned=True, valid_until="2999-01-01")
    saved.delete(made.id)
    assert saved.list() == []
    assert Turns(database).search("momo", 5).turns[0][0] == said.id
    assert f"memory-{made.id}" not in dict(Turns(database).search("momo", 5).turns)


def test_its_source_may_go_while_it_stays(saved, said, conversations):
    made = saved.add("my cat is called Momo", "said", message_id=said.id)
    alone = replace(made, message_id="", conversation_id="", conversation_title="")
    conversations.delete(said.conversation_id)
    assert saved.get(made.id) == alone
    conversations.restore(said.conversation_id)
    assert saved.get(made.id) == made
    conversations.delete(said.conversation_id)
    conversations.purge_deleted()
    assert saved.list() == [alone]


@pytest.mark.parametrize(
    "change",
    [
        lambda saved: saved.get("unknown"),
        lambda saved: saved.edit("unknown", "text"),
        lambda saved: saved.pin("unknown", True),
        lambda saved: saved.set_end("unknown", ""),
        lambda saved: saved.merge(["unknown"], "text"),
        lambda saved: saved.replace("unknown", ""),
        lambda saved: saved.delete("unknown"),
    ],
)
def test_an_unknown_one_is_named_so(saved, change):
    with pytest.raises(UserFacingError, match="no such memory"):
        change(saved)
    assert saved.list() == []


def test_a_suggestion_cites_its_turn(suggestions, said):
    made = suggestions.add("The user's cat is Momo", said.id)
    assert made == Suggestion(
        made.id,
        "The user's cat is Momo",
        said.id,
        said.conversation_id,
        "our chat",
        made.created_at,
        "Remember that my cat is called Momo",
    )
    assert suggestions.list() == [made]


def test_what_is_known_or_no_turn_is_not_suggested(suggestions, saved, said, conversations):
    saved.add("Momo is a cat", "said")
    assert suggestions.add("momo is a CAT.", said.id) is None
    assert suggestions.add("Momo is three", said.id)
    assert suggestions.add("Momo is three!", said.id) is None
    assert suggestions.add("?", said.id) is None
    assert suggestions.add("Momo is four", "unknown") is None
    conversations.set_memory(said.conversation_id, saves=False)
    assert suggestions.list() == []
    assert suggestions.add("Momo is five", said.id) is None


def test_an_accepted_suggestion_is_saved(suggestions, saved, said):
    made = suggestions.add("Momo is three", said.id)
    memory = suggestions.accept(made.id)
    assert (memory.text, memory.origin, memory.message_id) == ("Momo is three", "suggested", said.id)
    assert saved.list() == [memory]
    assert suggestions.list() == []
    with pytest.raises(UserFacingError, match="no such suggestion"):
        suggestions.accept(made.id)


def test_a_rejected_suggestion_is_not_made_again(suggestions, saved, said, database):
    suggestions.reject(suggestions.add("Momo is three", said.id).id)
    assert suggestions.list() == saved.list() == []
    assert suggestions.add("three is Momo", said.id) is None
    assert database.select("SELECT count(*) FROM suggestions WHERE text LIKE '%three%'") == [(0,)]
    saved.add("Momo is three", "written")  # the user may say so all the same


def test_suggestions_from_a_deleted_chat_are_hidden_then_gone(suggestions, said, conversations, database):
    made = suggestions.add("Momo is three", said.id)
    conversations.delete(said.conversation_id)
    assert suggestions.list() == []
    conversations.restore(said.conversation_id)
    assert suggestions.list() == [made]
    conversations.delete(said.conversation_id)
    conversations.purge_deleted()
    assert database.select("SELECT * FROM suggestions") == []


def test_dismissals_are_counted_and_go_with_their_turn(database, saved, said, conversations):
    dismissals = Dismissals(database)
    memory = saved.add("fact", "written")
    for turn_id in (said.id, said.id, f"memory-{memory.id}"):
        dismissals.add(turn_id)
    assert dismissals.counts([said.id, f"memory-{memory.id}", "other"]) == {said.id: 2, f"memory-{memory.id}": 1}
    saved.delete(memory.id)
    conversations.delete(said.conversation_id)
    conversations.purge_deleted()
    assert dismissals.counts([said.id, f"memory-{memory.id}"]) == {}
