import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message, ToolCall, ToolResult

TURN = (
    Message("user", "Was kostet «Schrödinger»? 猫 🐈‍⬛", notes="Today is Monday."),
    Message(
        "assistant", "", raw="<tool_call>…", calls=(ToolCall("1", "read_file", {"path": "a/ü.txt", "n": [1, None]}),)
    ),
    Message("tool", result=ToolResult("1", "read_file", "Total: 4711.50\x00EUR", ok=False, untrusted=True)),
    Message("assistant", "4711.50 EUR"),
    Message("user", "broken \udce9 argument"),
)


@pytest.fixture
def chat(conversations):
    """An untitled one: it is named by what is said in it."""
    return conversations.create().id


def test_every_kind_of_message_comes_back_as_it_was(transcript, chat):
    stored = [transcript.append(chat, message) for message in TURN]
    assert transcript.history(chat) == stored
    assert tuple(one.message for one in transcript.history(chat)) == TURN
    assert transcript.get(stored[2].id) == stored[2]


def test_conversations_do_not_mix(transcript, conversations, chat):
    other = conversations.create().id
    for number in range(3):
        transcript.append(chat, Message("user", f"here {number}"))
        transcript.append(other, Message("user", f"there {number}"))
    assert [one.message.text for one in transcript.history(chat)] == ["here 0", "here 1", "here 2"]


def test_a_streaming_answer_grows_in_place(transcript, chat):
    transcript.append(chat, Message("user", "tell me"))
    answer = transcript.append(chat, Message("assistant"), "streaming")
    transcript.append(chat, Message("tool", result=ToolResult("1", "clock", "noon")))
    for text in ("Once", "Once upon", "Once upon a time"):
        transcript.update(answer.id, Message("assistant", text), "streaming")
    transcript.update(answer.id, Message("assistant", "Once upon a time."), "complete")
    kept = transcript.history(chat)[1]
    assert (kept.id, kept.status, kept.message.text) == (answer.id, "complete", "Once upon a time.")
    assert kept.created_at == answer.created_at


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("What is the capital of France?", "What is the capital of France?"),
        ("\n  \n\tSecond  line\twins \nthird", "Second line wins"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("half \udce9 surrogate", "half surrogate"),
        (" \n ", ""),
    ],
)
def test_the_first_words_name_an_untitled_conversation(transcript, conversations, chat, text, title):
    transcript.append(chat, Message("user", text))
    assert conversations.get(chat).title == title


def test_a_title_is_given_once_and_by_the_user_only(transcript, conversations, chat):
    transcript.append(chat, Message("assistant", "Hello, how can I help?"))
    assert conversations.get(chat).title == ""
    transcript.append(chat, Message("user", "Brot backen"))
    transcript.append(chat, Message("user", "something else"))
    assert conversations.get(chat).title == "Brot backen"
    assert [found.id for found in conversations.list("BROT")] == [chat]
    named = conversations.create("My own name").id
    transcript.append(named, Message("user", "something else"))
    assert conversations.get(named).title == "My own name"


def test_appending_moves_the_conversation_s_time(transcript, conversations, chat):
    before = conversations.get(chat).updated_at
    stored = transcript.append(chat, Message("user", "hello"))
    assert conversations.get(chat).updated_at == stored.created_at > before


def test_only_half_written_messages_are_marked_interrupted(transcript, chat):
    statuses = ("complete", "streaming", "stopped", "failed", "streaming")
    for status in statuses:
        transcript.append(chat, Message("assistant", status), status)
    assert transcript.mark_interrupted() == 2
    found = [one.status for one in transcript.history(chat)]
    assert found == ["complete", "interrupted", "stopped", "failed", "interrupted"]


def test_an_answer_may_be_finished_while_its_conversation_is_deleted(transcript, conversations, chat):
    answer = transcript.append(chat, Message("assistant"), "streaming")
    conversations.delete(chat)
    transcript.update(answer.id, Message("assistant", "so far"), "stopped")
    conversations.restore(chat)
    assert transcript.get(answer.id).message.text == "so far"


def test_what_is_gone_is_named_so(transcript):
    with pytest.raises(UserFacingError, match="no longer there"):
        transcript.append("unknown", Message("user", "hello"))
    with pytest.raises(UserFacingError, match="no such message"):
        transcript.update("unknown", Message("user", "hello"), "complete")
    with pytest.raises(UserFacingError, match="no such message"):
        transcript.get("unknown")
    assert transcript.history("unknown") == []
