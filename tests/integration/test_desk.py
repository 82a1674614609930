"""What a user can do with memory, over the real database; what needs the index is in test_memory.py."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.events import Event, MemorySaved, Recalled, RecalledMemory, ToolFinished
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.messages import SavedMemory
from desktop_agent.paths import Paths
from desktop_agent.storage.transcript import Transcript
from tests.helpers.scripted_app import ScriptedApp
from tests.helpers.world import FixedApprover


@pytest.fixture
def app(home: Paths) -> Iterator[ScriptedApp]:
    """An open app whose model always says the same."""
    opened = ScriptedApp(home, ScriptedModel(["Noted."] * 20)).open()
    opened.load_model()
    yield opened
    opened.close()


def ask(app: ScriptedApp, text: str, chat: str = "") -> list[Event]:
    """Ask, in a chat of its own when none is given."""
    kept = app.keep(chat or app.conversations.create().id, text)
    return list(app.answer(kept, FixedApprover(), threading.Event()))


def saved_in(events: list[Event]) -> list[SavedMemory]:
    """Return what was saved in a turn."""
    return [event.memory for event in events if isinstance(event, MemorySaved)]


def recalled_in(events: list[Event]) -> list[RecalledMemory]:
    """Return what was recalled in a turn."""
    return [memory for event in events if isinstance(event, Recalled) for memory in event.memories]


def test_a_new_name_sets_the_old_one_aside_and_undo_brings_it_back(app: ScriptedApp) -> None:
    (first,) = saved_in(ask(app, "Please call me Anna"))
    (second,) = saved_in(ask(app, "Call me Bea from now on"))
    assert app.desk.get(first.id).replaced_by == second.id
    assert [memory.text for memory in recalled_in(ask(app, "Who am I?")) if memory.memory_id] == [second.text]
    app.desk.undo(second)
    assert app.desk.get(first.id).replaced_by == ""
    assert [each.id for each in app.desk.saved()] == [first.id]


def test_what_is_known_already_is_not_saved_again(app: ScriptedApp) -> None:
    (saved,) = saved_in(ask(app, "Remember that I like tea"))
    assert saved_in(ask(app, "remember that i like tea!")) == []
    assert [each.id for each in app.desk.saved()] == [saved.id]


def test_a_corrected_note_is_recalled_with_the_right_words_only(app: ScriptedApp) -> None:
    ask(app, "The dentist's appointment is on 3 March")
    (note,) = recalled_in(ask(app, "When is the dentist's appointment?"))
    app.desk.correct(note, "The dentist's appointment is on 4 March")
    texts = [memory.text for memory in recalled_in(ask(app, "Dentist's appointment: when?"))]
    assert any("4 March" in text for text in texts)
    assert not any("3 March" in text for text in texts)


def test_a_recalled_note_is_forgotten_with_all_it_says(app: ScriptedApp) -> None:
    ask(app, "The dentist's appointment is on 3 March")
    (note,) = recalled_in(ask(app, "When is the dentist's appointment?"))
    assert app.desk.forget_recalled(note).messages == len(note.turn_ids)
    assert app.desk.find("3 March") == []


def test_what_was_merged_is_forgotten_with_its_parts(app: ScriptedApp) -> None:
    parts = [app.desk.add(text) for text in ("I like tea", "I like green tea")]
    merged = app.desk.merge([part.id for part in parts], "I like green tea best")
    assert app.desk.forget([("memory", merged.id)]).memories == 3
    assert app.desk.saved() == []


def test_memory_that_is_paused_neither_recalls_nor_remembers(app: ScriptedApp) -> None:
    ask(app, "Remember that the key is under the mat")
    app.desk.pause(True)
    assert app.desk.paused
    events = ask(app, "Remember that the key is in the shed. Where was the key?")
    assert saved_in(events) == []
    assert recalled_in(events) == []
    app.desk.pause(False)
    assert not any("shed" in memory.text for memory in app.desk.search("shed"))
    assert any("mat" in memory.text for memory in recalled_in(ask(app, "Where is the key?")))


def test_a_chat_goes_with_or_without_the_memories_that_come_from_it(app: ScriptedApp) -> None:
    for with_memories, left in ((False, 1), (True, 0)):
        chat = app.conversations.create().id
        ask(app, f"Remember that I have {left} brothers", chat)
        assert len(app.desk.from_chat(chat)) == 1
        app.delete_conversation(chat, with_memories=with_memories)
        assert len([each for each in app.desk.saved() if f"{left} brothers" in each.text]) == left


def test_a_temporary_chat_may_read_the_folders_of_all_chats(home: Paths) -> None:
    call = '<tool_call>\n{"name": "read_file", "arguments": {"path": "papers/note.txt"}}\n</tool_call>'
    app = ScriptedApp(home, ScriptedModel([call, "It says hello."])).open()
    app.load_model()
    (folder := home.home.parent / "papers").mkdir()
    (folder / "note.txt").write_text("hello from the note", encoding="utf-8")
    app.folders.grant(str(folder))
    chat = app.start_temporary()
    events = ask(app, "What is in the note?", chat)
    (result,) = (event.result for event in events if isinstance(event, ToolFinished))
    assert result.text.endswith("hello from the note")
    app.end_temporary(chat)
    app.close()


def test_a_folder_that_is_taken_back_is_out_of_reach_of_temporary_chats(home: Paths) -> None:
    call = '<tool_call>\n{"name": "read_file", "arguments": {"path": "papers/note.txt"}}\n</tool_call>'
    app = ScriptedApp(home, ScriptedModel([call, "I cannot."])).open()
    app.load_model()
    (folder := home.home.parent / "papers").mkdir()
    (folder / "note.txt").write_text("hello from the note", encoding="utf-8")
    grant = app.folders.grant(str(folder))
    chat = app.start_temporary()
    app.folders.revoke(grant.id)
    (result,) = (event.result for event in ask(app, "Note?", chat) if isinstance(event, ToolFinished))
    assert (result.ok, "hello" in result.text) == (False, False)
    app.close()


def test_stats_say_what_is_where(app: ScriptedApp) -> None:
    ask(app, "Remember that I like tea")
    stats = app.desk.stats()
    assert (stats.turns, stats.saved, stats.total, stats.embedder) == (2, 1, 3, "")
    assert stats.database_bytes > 4096
    assert stats.key_place == "file"


def test_a_failed_opening_leaves_nothing_open(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Transcript) -> int:
        raise UserFacingError("The disk is full.")

    app = ScriptedApp(home, ScriptedModel([]))
    with monkeypatch.context() as patched:
        patched.setattr(Transcript, "mark_interrupted", full)
        with pytest.raises(UserFacingError, match="full"):
            app.open()
    assert not any(thread.name.startswith("storage") for thread in threading.enumerate())
    with closing(app.open()):
        assert app.desk.saved() == []
