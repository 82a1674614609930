import pytest

from desktop_agent.messages import Exchange, Message, ToolResult
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.exchanges import Exchanges
from desktop_agent.storage.transcript import Transcript


@pytest.fixture
def conversations(database):
    return Conversations(database)


@pytest.fixture
def exchanges(database):
    return Exchanges(database)


@pytest.fixture
def tell(database, conversations):
    """Store a finished exchange in a conversation of its own and return it."""
    transcript = Transcript(database)

    def tell(question: str, answer: str) -> Exchange:
        chat = conversations.create("about " + question)
        asked = transcript.append(chat.id, Message("user", question, notes="Today is Monday."))
        answered = transcript.append(chat.id, Message("assistant", answer, raw="<raw>"))
        transcript.finish_exchange(asked.id, answered.id)
        return Exchange(asked.id, chat.id, chat.title, asked.created_at, question, answer)

    return tell


def test_a_finished_exchange_is_found_with_its_source(exchanges, tell):
    told = tell("What is my cat called?", "Schrödinger")
    assert exchanges.ids() == {told.id}
    assert exchanges.get([told.id]) == [told]


def test_they_come_in_the_order_asked_for(exchanges, tell):
    one, two, three = tell("one", "1"), tell("two", "2"), tell("three", "3")
    assert exchanges.get([three.id, "unknown", one.id, two.id]) == [three, one, two]
    assert exchanges.get([]) == []


def test_an_unanswered_question_is_none(exchanges, conversations, database):
    Transcript(database).append(conversations.create().id, Message("user", "hello?"))
    assert exchanges.ids() == set()


def test_those_of_a_deleted_conversation_are_left_out_until_it_is_restored(exchanges, conversations, tell):
    gone, stays = tell("gone", "1"), tell("stays", "2")
    conversations.delete(gone.conversation_id)
    assert exchanges.ids() == {stays.id}
    assert exchanges.get([gone.id, stays.id]) == [stays]
    conversations.restore(gone.conversation_id)
    assert exchanges.ids() == {gone.id, stays.id}


def test_a_second_answer_replaces_the_first(exchanges, database, tell):
    told = tell("What is 2+2?", "5")
    transcript = Transcript(database)
    transcript.finish_exchange(told.id, transcript.append(told.conversation_id, Message("assistant", "4")).id)
    assert [exchange.answer for exchange in exchanges.get([told.id])] == ["4"]


def test_more_ids_than_sqlite_has_variables_are_fine(exchanges, tell):
    told = tell("hello", "hi")
    assert exchanges.get([f"unknown {number}" for number in range(40_000)] + [told.id]) == [told]


def test_an_answer_after_a_file_was_read_is_marked(database, conversations, exchanges):
    transcript = Transcript(database)
    chat = conversations.create().id
    plain = transcript.append(chat, Message("user", "Hello"))
    transcript.finish_exchange(plain.id, transcript.append(chat, Message("assistant", "Hello!")).id)
    asked = transcript.append(chat, Message("user", "What is the total?"))
    transcript.append(chat, Message("tool", result=ToolResult("1", "read_file", "Total: 12", untrusted=True)))
    transcript.finish_exchange(asked.id, transcript.append(chat, Message("assistant", "12")).id)
    later = transcript.append(chat, Message("user", "And twice that?"))
    transcript.finish_exchange(later.id, transcript.append(chat, Message("assistant", "24")).id)
    assert [found.from_files for found in exchanges.get([plain.id, asked.id, later.id])] == [False, True, True]
