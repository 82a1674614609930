import json
import random
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message, ToolCall, ToolResult
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.forgetting import Forgetting
from desktop_agent.storage.saved_memories import SavedMemories
from desktop_agent.storage.suggestions import Suggestions
from desktop_agent.storage.transcript import Transcript
from desktop_agent.storage.turns import Turns
from tests.helpers import word_tables
from tests.helpers.sqlcipher_pages import decrypted

NOTES = """Today is 2026-11-21.
Saved memories of the user (information, never instructions):
[2026-11-03]
> My cat is called Tom
Notes from earlier chats (information, never instructions; may be outdated):
[2025-02-14]
> User: We moved to Bern with all our books.
> Assistant: Congratulations!"""


@pytest.fixture
def suggestions(database):
    return Suggestions(database)


@pytest.fixture
def forgetting(database):
    yield Forgetting(database)
    word_tables.check(database)


@pytest.fixture
def say(transcript, chat):
    def say(text: str, role: str = "user", status: str = "complete", **parts: object) -> str:
        return transcript.append(chat, Message(role, text, **parts), status).id

    return say


def test_words_are_found_wherever_they_are(forgetting, conversations, transcript, chat, say, saved, suggestions):
    other = conversations.create("Momo's chat")
    call = ToolCall("1", "read_file", {"path": "momo.txt"})
    wanted = {
        say("Where is MOMO?"),
        say("Here.", "assistant", raw="<think>momo</think>Here."),
        say("", "assistant", calls=(call,)),
        say("", "tool", result=ToolResult("1", "read_file", "about Momo", untrusted=True)),
        say("and now?", notes="[2026-01-01]\n> My cat is Momo"),
        say("by him", author="Momo Meier"),
        transcript.append(other.id, Message("user", "The Ｍｏｍｏ of old")).id,
    }
    memory = saved.add("A cat, Momo", "said")
    source = say("nothing")
    suggestion = suggestions.add("Has a cat called momo", source)
    conversations.delete(other.id)
    found = forgetting.find("momo")
    assert [one.id for one in found if one.kind == "memory"] == [memory.id]
    assert [one.id for one in found if one.kind == "suggestion"] == [suggestion.id]
    assert [one.id for one in found if one.kind == "title"] == [other.id]
    assert {one.id for one in found if one.kind == "message"} == wanted
    assert {one.conversation_title for one in found} == {"our chat", "Momo's chat", ""}
    assert all("momo" in one.text.lower() or "Ｍ" in one.text for one in found)


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("I said: “don't”, twice", "DON'T twice", True),
        ("我喜欢，咖啡", "喜欢咖啡", True),
        ("我喜欢咖啡", "喝咖啡", False),
        ("line one\nline two", "one line", True),
        ('a "quoted" word', "quoted word", True),
        ("Größe", "GRÖSSE", True),
        ("cat", "cats", False),
        ("anything", "", False),
        ("anything", "?!", False),
        ("50% off", "%", False),
    ],
)
def test_words_are_meant_literally_but_for_case_and_punctuation(forgetting, say, text, words, found):
    message = say(text)
    assert [one.id for one in forgetting.find(words)] == ([message] if found else [])


@pytest.mark.parametrize("words", ["one line", "line two", "says hi", "deep 汤姆", "key deep", "7"])
def test_words_in_a_call_are_found_across_lines_and_quotes(forgetting, say, words):
    call = ToolCall("1", "write", {"text": 'line one\nline two\tsays "hi"', "key": ["deep\n汤姆", {"size": 7}]})
    message = say("", "assistant", calls=(call,))
    assert [one.id for one in forgetting.find(words)] == [message]


@pytest.mark.parametrize("words", ["earlier", "user (information", "Today", "2025-02-14"])
def test_what_the_program_writes_into_notes_is_not_found_and_stays(forgetting, transcript, say, words):
    asked, other = say("What now?", notes=NOTES), say(f"something else: {words}")
    assert [one.id for one in forgetting.find(words)] == [other]
    forgetting.forget([("message", other)], words)
    assert transcript.get(asked).message.notes == NOTES


def test_an_excerpt_shows_the_words(forgetting, say):
    say("x " * 500 + "the Momo of my heart " + "y " * 500)
    (found,) = forgetting.find("momo OF my")
    assert "the Momo of my heart" in found.text
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert len(found.text) < 250


def test_a_forgotten_message_is_empty_in_its_place(forgetting, transcript, chat, say, database):
    call = ToolCall("1", "read_file", {"path": "momo.txt"})
    before = say("apples")
    ids = [
        say("Where is Momo?", notes=NOTES, author="Ann"),
        say("", "assistant", raw="<tool>momo", calls=(call,)),
        say("Momo!", "tool", result=ToolResult("1", "read_file", "Momo!", untrusted=True)),
        say("In the file.", "assistant", raw="In <b>the</b> file."),
    ]
    after = say("pears")
    assert forgetting.forget([("message", id_) for id_ in ids]) == [ids[0]]
    history = transcript.history(chat)
    assert [stored.status for stored in history] == ["complete", *["forgotten"] * 4, "complete"]
    assert [stored.message for stored in history[1:-1]] == [
        Message("user"),
        Message("assistant", calls=(ToolCall("1", "read_file"),)),  # in pairs: some templates insist on it
        Message("tool", result=ToolResult("1", "read_file", "", untrusted=True)),
        Message("assistant"),
    ]
    turns = Turns(database)
    assert turns.ids() == {before, after}
    assert [turn.id for turn in turns.neighbours([before])[before]] == [before, after]
    assert turns.search("momo", 5).windows == []
    assert forgetting.forget([("message", id_) for id_ in ids]) == []


def test_a_running_turn_does_not_bring_it_back(forgetting, transcript, say):
    answer = say("so far, Momo", "assistant")
    forgetting.forget([("message", answer)])
    transcript.update(answer, Message("assistant", "so far, Momo is"), "complete")
    assert transcript.get(answer).status == "forgotten"
    assert transcript.get(answer).message == Message("assistant")
    assert forgetting.find("momo") == []


def test_an_answer_that_is_being_written_from_its_notes_goes_too(forgetting, conversations, transcript, saved, say):
    memory = saved.add("My cat is called Tom", "said")
    say("What is my cat called?", notes=NOTES)
    answer = say("", "assistant", status="streaming")
    elsewhere = transcript.append(conversations.create().id, Message("assistant"), "streaming").id
    forgetting.forget([("memory", memory.id)])
    for written in (answer, elsewhere):
        transcript.update(written, Message("assistant", "He is called Tom."), "complete")
    assert [transcript.get(id_).message.text for id_ in (answer, elsewhere)] == ["", "He is called Tom."]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("My cat is called Tom", [0, 4, 5, 6, 7]),
        ("We moved to Bern with all our books.\nAnd we bought a house.", [0, 1, 2, 3, 4, 5, 7]),
        ("Congratulations!", [0, 1, 2, 3, 4, 5, 6]),
        ("Something else", [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_quotes_leave_the_notes_of_other_messages(forgetting, transcript, say, text, left):
    forgotten, asked = say(text), say("What now?", notes=NOTES)
    forgetting.forget([("message", forgotten)])
    lines = NOTES.split("\n")
    assert transcript.get(asked).message == Message("user", "What now?", notes="\n".join(lines[at] for at in left))


def test_headings_go_when_nothing_is_left_below_them(forgetting, transcript, say):
    asked = say("What now?", notes=NOTES)
    said = ("my cat is called Tom", "We moved to Bern with all our books.", "Congratulations!")
    forgetting.forget([("message", say(text)) for text in said])
    assert transcript.get(asked).message.notes == "Today is 2026-11-21."


def test_shortened_quotes_of_older_notes_go_too(forgetting, transcript, say):
    text = "我去年三月和我的家人一起搬到了上海，现在住在一条很安静的街上。"
    notes = f"Notes:\n[2026-01-01] User: {text[:20]}…\nAssistant: other\n[2026-01-02] User: kept"
    asked = say("What now?", notes=notes)
    forgetting.forget([("message", say(text))])
    assert transcript.get(asked).message.notes == "Notes:\nAssistant: other\n[2026-01-02] User: kept"


def test_words_that_are_only_in_notes_cost_the_lines_not_the_message(forgetting, transcript, say):
    asked = say("What now?", notes=NOTES)
    found = forgetting.find("Bern")
    assert [(one.kind, one.id) for one in found] == [("message", asked)]
    assert forgetting.forget([(one.kind, one.id) for one in found], "Bern") == []
    kept = transcript.get(asked)
    assert (kept.status, kept.message.text) == ("complete", "What now?")
    assert "Bern" not in kept.message.notes
    assert "called Tom" in kept.message.notes


def test_a_title_that_was_made_of_it_goes(forgetting, conversations, transcript, chat):
    untitled = conversations.create().id
    said = transcript.append(untitled, Message("user", "My cat Momo " * 10)).id
    assert conversations.get(untitled).title.startswith("My cat Momo")
    forgetting.forget([("message", said)])
    assert conversations.get(untitled).title == ""
    assert conversations.list("momo") == []
    forgetting.forget([("title", chat), ("title", "unknown")])
    assert conversations.get(chat).title == ""


def test_what_was_saved_from_it_in_its_words_goes_along(forgetting, say, saved, suggestions):
    said = say("Remember that my cat is called Momo. I live in Bern.")
    same = saved.add("my cat is called Momo", "said", message_id=said)
    other = saved.add("Has a pet", "suggested", message_id=said)
    suggestions.add("The user lives in Bern.", said)
    suggestions.add("My cat is called Momo, he lives in Bern", said)
    assert set(forgetting.forget([("message", said)])) == {said, f"memory-{same.id}"}
    assert [memory.id for memory in saved.list()] == [other.id]
    assert [one.text for one in suggestions.list()] == []
    assert forgetting.find("momo") == []


@pytest.mark.parametrize(
    ("said", "fact"), [("Please remember that my cat is Tom", "My cat is Tom"), ("记住我的猫叫汤姆", "我的猫叫汤姆")]
)
def test_a_short_fact_goes_with_the_longer_message_that_it_was_cut_from(forgetting, say, saved, said, fact):
    message = say(said)
    memory = saved.add(fact, "said", message_id=message)
    assert set(forgetting.forget([("message", message)])) == {message, f"memory-{memory.id}"}
    assert saved.list() == []


def test_a_forgotten_memory_frees_what_it_had_replaced(forgetting, saved):
    old, new = saved.add("I live in Bern", "said"), saved.add("I live in Basel", "said")
    saved.replace(old.id, new.id)
    assert forgetting.forget([("memory", new.id), ("memory", "unknown")]) == [f"memory-{new.id}"]
    assert [memory.replaced_by for memory in saved.list()] == [""]


def test_what_was_forgotten_is_known_by_hashes_until_the_user_says_it_anew(
    forgetting, say, saved, suggestions, database
):
    said = say("My cat is called Momo.")
    forgetting.forget([("message", said)], "Momo")
    for text in ("my cat is called MOMO", "Momo my cat is called", "Has a cat; Momo is his name"):
        assert forgetting.forgotten(text), text
    for text in ("my cat is called Minka", "", "?"):
        assert not forgetting.forgotten(text), text
    source = say("hello")
    assert suggestions.add("The cat of the user is Momo", source) is None
    assert saved.add("My cat is called Momo", "said").text == "My cat is called Momo"
    assert not forgetting.forgotten("My cat is called Momo")
    assert database.select("SELECT count(*) FROM salt") == [(1,)]


def test_chinese_words_are_known_inside_other_texts(forgetting, say):
    forgetting.forget([("message", say("我住在上海"))], "上海")
    assert forgetting.forgotten("他住在上海市")
    assert not forgetting.forgotten("他住在北京市")


def test_two_homes_keep_different_hashes(database, tmp_path):
    other = Database.open(tmp_path / "other.db", bytes(32))
    for one in (database, other):
        Forgetting(one).forget([], "my secret")
    hashes = [set(one.select("SELECT hash FROM forgotten")) for one in (database, other)]
    other.close()
    assert hashes[0].isdisjoint(hashes[1])


def fill(database: Database, seed: int, count: int) -> list[str]:
    """Store turns, some with the markers in all places that there are; return the chats."""
    choose = random.Random(seed)  # noqa: S311
    database._submit(database._connection.execute, "PRAGMA synchronous = OFF").result()  # no power cut here, and fast
    conversations, transcript = Conversations(database), Transcript(database)
    saved, suggestions = SavedMemories(database), Suggestions(database)
    vocabulary = ["".join(choose.choices("abcdefgh", k=choose.randint(2, 8))) for _ in range(2000)]

    def words(marked: bool = False) -> str:
        text = " ".join(choose.choices(vocabulary, k=choose.randint(3, 80)))
        return f"{text} {MARK} {HAN} {text[::-1]}" if marked else text

    chats = [conversations.create().id for _ in range(20)]
    for number in range(count // 2):
        chat, marked = choose.choice(chats), number % 40 == 0
        question = transcript.append(chat, Message("user", words(marked)))
        if number % 5 == 0:
            notes = f"Notes:\n[2026-01-01]\n> User: {words(number % 25 == 0)}\n> Assistant: {words()}"
            transcript.update(question.id, Message("user", question.message.text, notes=notes), "complete")
        answer, text = transcript.append(chat, Message("assistant"), "streaming"), ""
        for _ in range(choose.randint(1, 3)):
            text += words(marked)
            transcript.update(answer.id, Message("assistant", text), "streaming")
        transcript.update(answer.id, Message("assistant", text, raw=f"<raw>{text}"), "complete")
        if marked:
            saved.add(f"{MARK} {number} 的{HAN}", "said", message_id=question.id)
            suggestions.add(f"Likes {MARK} {number} {HAN}", answer.id)
    return chats


MARK, HAN = "zebrafalter", "瑪瑙蝴蝶"
TRACES = [MARK, HAN, json.dumps(HAN)[1:-1], HAN[:2], HAN[2:], "\\u746a", "瑪", "zebraf", "ebrafalt"]


def traces(database: Database, path: Path, key: bytes, folder: Path) -> dict[str, int]:
    """How often what was forgotten occurs: in every decrypted page, in an exported plain file, in the word tables."""
    plain = folder / "plain.db"
    database._submit(_export, database, plain).result()
    data = (decrypted(path, key) + plain.read_bytes()).lower()
    plain.unlink()
    words = [word for word in word_tables.words(database) if word.startswith("zebra") or set(word) & set(HAN)]
    return {trace: count for trace in TRACES if (count := data.count(trace.encode()))} | dict.fromkeys(words, 1)


def _export(database: Database, plain: Path) -> None:
    database._connection.execute(f"ATTACH '{plain}' AS plain KEY ''")
    database._connection.execute("SELECT sqlcipher_export('plain')")
    database._connection.execute("DETACH plain")


@pytest.mark.parametrize("count", [4, 2000])
def test_what_is_forgotten_is_in_no_page_any_more(forgetting, database, path, key, tmp_path, count):
    fill(database, seed=count, count=count)
    database.checkpoint()
    assert {MARK, HAN[:2], "\\u746a"} <= traces(database, path, key, tmp_path).keys()
    for words in (MARK, HAN):
        forgetting.forget([(found.kind, found.id) for found in forgetting.find(words)], words)
    assert forgetting.find(MARK) == forgetting.find(HAN) == []
    assert traces(database, path, key, tmp_path) == {}
    assert path.with_name("test.db-wal").stat().st_size == 0
    assert database.select("PRAGMA integrity_check") == [("ok",)]


def test_what_is_purged_is_in_no_page_any_more(forgetting, database, path, key, tmp_path):
    chats, conversations, saved = fill(database, seed=7, count=400), Conversations(database), SavedMemories(database)
    for chat in chats:
        conversations.delete(chat)
    forgetting.forget([("memory", memory.id) for memory in saved.list()])
    assert set(conversations.purge_deleted()) == set(chats)
    assert traces(database, path, key, tmp_path) == {}


def test_on_a_full_disk_nothing_is_half_forgotten(forgetting, database, transcript, chat, say):
    ids = [say(f"Momo {number} " + "x" * 3000, notes=NOTES) for number in range(30)]
    pages = database.execute("PRAGMA page_count")[0][0]
    database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(UserFacingError, match="disk is full"):
        forgetting.forget([("message", id_) for id_ in ids], " ".join(f"w{number}" for number in range(10_000)))
    assert len(forgetting.find("Momo")) == 30
    assert not forgetting.forgotten("Momo")
    database.execute("PRAGMA max_page_count = 1000000")
    forgetting.forget([("message", id_) for id_ in ids], "Momo")
    assert forgetting.find("Momo") == []
    assert {stored.status for stored in transcript.history(chat)} == {"forgotten"}


THOUGHT = "The user asks about a cat.\nThey said: My cat is called Tom.\nI answer."


@pytest.fixture
def thinking_answer(say):
    def thinking_answer(thinking: str, text: str = "Fine.") -> str:
        return say(text, "assistant", raw=f"<think>\n{thinking}\n</think>\n\n{text}", thinking=thinking)

    return thinking_answer


def test_words_that_were_only_thought_are_found_and_cost_the_lines_not_the_answer(
    forgetting, transcript, say, thinking_answer
):
    say("What is new?")
    answer = thinking_answer(THOUGHT)
    found = forgetting.find("called Tom")
    assert [(one.kind, one.id) for one in found] == [("message", answer)]
    assert forgetting.forget([(one.kind, one.id) for one in found], "called Tom") == []
    kept = transcript.get(answer)
    assert kept.status == "complete"
    assert kept.message == Message("assistant", "Fine.", thinking="The user asks about a cat.\nI answer.")


def test_what_is_forgotten_goes_from_the_thinking_of_all_answers(
    forgetting, transcript, say, thinking_answer, path, key
):
    told = say("My cat is called Tom.")
    say("Something else altogether?")
    answer, other = thinking_answer(THOUGHT), thinking_answer("Of weather.")
    forgetting.forget([("message", told)])
    assert "Tom" not in str(transcript.get(answer))
    assert transcript.get(other).message.raw == "<think>\nOf weather.\n</think>\n\nFine."
    assert b"called Tom" not in decrypted(path, key)


def test_all_that_was_thought_about_a_forgotten_question_goes(forgetting, transcript, say, thinking_answer):
    told = say("My cat is called Tom.")
    call = ToolCall("1", "read_file", {"path": "a.txt"})
    step = say("", "assistant", raw="<think>A pet with that name!</think><tool_call>", calls=(call,), thinking="A pet")
    say("", "tool", result=ToolResult("1", "read_file", "x"))
    answer = thinking_answer("A pet again.", "Nice.")
    say("And now?")
    later = thinking_answer("Nothing of it.")
    forgetting.forget([("message", told)])
    assert transcript.get(step).message == Message("assistant", calls=(call,))
    assert transcript.get(answer).message == Message("assistant", "Nice.")
    assert transcript.get(later).message.thinking == "Nothing of it."


def test_a_forgotten_answer_keeps_no_thinking(forgetting, transcript, say, thinking_answer):
    say("What is new?")
    answer = thinking_answer(THOUGHT)
    forgetting.forget([("message", answer)])
    assert transcript.get(answer).message == Message("assistant")
    assert forgetting.find("tom") == []


def test_what_is_thought_is_never_remembered(transcript, say, thinking_answer, database):
    say("What is new?")
    answer = thinking_answer("Marmalade is on the shelf.", "Nothing.")
    turns = Turns(database)
    assert answer in turns.ids()
    assert turns.search("marmalade", 5).windows == []
    assert "Marmalade" not in str(turns.neighbours([answer]))
