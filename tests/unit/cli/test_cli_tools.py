"""`desktop-agent notes`, `reminders`, `audit` and `undo`, over a real home."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace

import pytest

from desktop_agent.app import App
from desktop_agent.cli import main
from desktop_agent.messages import Message, ToolCall, ToolResult
from desktop_agent.paths import Paths
from desktop_agent.records import AuditEntry, UndoCopy
from tests.helpers.plain_dump import occurrences

ENTRY = AuditEntry(
    0, "", "", "c1", "read_file", "read", '{"path": "a\u202e.txt"}', "", "once", True, False, 0, 0.25, "There is no a."
)


@contextmanager
def opened(home: Paths) -> Iterator[App]:
    app = App(home)
    app.open()
    try:
        yield app
    finally:
        app.close()


@pytest.fixture
def run(home, capsys):
    """Run a command; return its exit code and what it printed, without notes on the key."""

    def run(*arguments: str) -> tuple[int, str]:
        code = main.run(arguments, lambda: 0)
        captured = capsys.readouterr()
        faults = [line for line in captured.err.splitlines(keepends=True) if not line.startswith("Note: ")]
        return code, captured.out + "".join(faults)

    return run


def test_notes_are_written_found_changed_and_deleted(run, monkeypatch):
    assert "There are no notes yet." in run("notes", "list")[1]
    assert run("notes", "add", "milk\neggs", "--title", "Shopping")[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("from a pipe\n"))
    made = json.loads(run("notes", "add", "-", "--json")[1])
    assert made["text"] == "from a pipe"
    code, listed = run("notes", "list")
    assert code == 0
    assert [line.split("  ")[2] for line in listed.splitlines()] == ["from a pipe", "Shopping"]
    assert run("notes", "list", "EGGS")[1].count("\n") == 1
    assert run("notes", "show", "shopping")[1] == "Shopping\nmilk\neggs\n"
    assert run("notes", "edit", made["id"][:8], "other", "--title", "Piped")[0] == 0
    assert run("notes", "show", "piped")[1] == "Piped\nother\n"
    assert "Nobody can be asked" in run("notes", "delete", "piped")[1]
    assert "Deleted: Piped" in run("notes", "delete", "piped", "--yes")[1]
    code, said = run("notes", "show", "piped")
    assert code == 5
    assert "No note fits 'piped'" in said
    assert run("notes", "add", " ")[0] == 5


def test_reminders_are_set_listed_finished_and_deleted(run):
    assert "There are no reminders." in run("reminders", "list")[1]
    assert "Saturday 2099-01-31, 18:30" in run("reminders", "add", "Call Ann", "2099-01-31 18:30")[1]
    run("reminders", "add", "Water the plants", "2099-02-01", "--repeat", "weekly")
    assert "weekly" in run("reminders", "list")[1]
    assert "Nothing is due." in run("reminders", "due")[1]
    assert "Done: Call Ann" in run("reminders", "done", "ann")[1]
    assert [each["text"] for each in json.loads(run("reminders", "list", "--json")[1])] == ["Water the plants"]
    assert "Call Ann (Saturday 2099-01-31, 18:30)  done" in run("reminders", "list", "--done")[1]
    assert "Deleted: Call Ann" in run("reminders", "delete", "ann")[1]
    code, said = run("reminders", "add", "Call Ann", "soon")
    assert code == 5
    assert "'soon' is no time" in said


def test_what_is_due_is_shown_once(run, home):
    with opened(home) as app:
        made = app.tool_desk.add_reminder("Call Ann", "in 1 hour")
        app.tool_desk.put_reminder(replace(made, due_at="2026-01-01T00:00:00+00:00"))
    assert "Call Ann" in run("reminders", "due")[1]
    assert "Nothing is due." in run("reminders", "due")[1]


def test_the_audit_is_listed_and_exported(run, home, tmp_path):
    assert "No tool was called yet." in run("audit")[1]
    with opened(home) as app:
        chat = app.conversations.create().id
        app.desk.store.audit.add(ENTRY)
        app.desk.store.audit.add(replace(ENTRY, tool="clock", conversation_id=chat, ok=True, verdict="allowed"))
    said = run("audit")[1]
    assert "\u202e" not in said
    assert "allowed once; There is no a.; 0.25 s  after text from outside" in said
    assert "clock" in run("audit", "--chat", chat)[1]
    assert "read_file" not in run("audit", "--chat", chat)[1]
    assert json.loads(run("audit", "--words", "READ", "--json")[1])[0]["tool"] == "read_file"
    assert run("audit", "--count", "1")[1].count("0.25 s") == 1
    assert run("audit", "--chat", "unknown")[0] == 5
    assert "Written: 2 calls" in run("audit", "--export", str(tmp_path / "audit.csv"))[1]
    assert (tmp_path / "audit.csv").read_text("utf-8").count("\n") == 3
    assert run("audit", "--export", str(tmp_path / "none" / "audit.csv"))[0] == 5


def test_changes_are_listed_and_taken_back(run, home):
    assert "No tool changed anything yet." in run("undo")[1]
    with opened(home) as app:
        note = app.tool_desk.add_note("", "x")
        chat = app.conversations.create().id
        copies = app.desk.store.undo_copies
        copies.keep(UndoCopy("move", "a\x1b.txt", root="/data", other="b.txt", conversation_id=chat))
        id_ = copies.keep(UndoCopy("note", "another id", after=""))
    listed = run("undo")[1]
    assert "moved /data/a\\u001b.txt to /data/b.txt" in listed
    assert "a note" not in run("undo", "--chat", chat)[1]
    assert run("undo", "nonsense") == (5, "There is no change 'nonsense'. See which there are: desktop-agent undo\n")
    code, said = run("undo", id_[:8])
    assert (code, said) == (0, "The note is gone again.\n")
    assert "(undone)" in run("undo")[1]
    code, said = run("undo", id_[:8])
    assert code == 5
    assert "taken back already" in said
    assert json.loads(run("undo", "--json")[1])[0].keys().isdisjoint({"before", "after"})
    with opened(home) as app:
        assert app.tool_desk.notes() == [note]


def test_what_tools_left_behind_of_forgotten_words_is_nowhere_any_more(run, home, tmp_path):
    """In the chat, the notes and their former texts, the reminders, the audit, the copies of files and the backups."""
    call = ToolCall("c1", "write_file", {"path": "quixotl.txt", "text": "all about Quixotl"})
    result = ToolResult("c1", "write_file", "Created Quixotl", source="quixotl.txt", figure={"title": "Quixotl"})
    with opened(home) as app:
        desk, store = app.tool_desk, app.desk.store
        chat = app.conversations.create().id
        app.transcript.append(chat, Message("user", "Write about Quixotl"))
        app.transcript.append(chat, Message("assistant", calls=(call,)))
        app.transcript.append(chat, Message("tool", result=result))
        arguments = json.dumps(dict(call.arguments))
        store.audit.add(replace(ENTRY, conversation_id=chat, arguments=arguments, fault="no quixotl"))
        note = desk.add_note("Quixotl", "x")
        app.desk.backup_now()
        before = json.dumps(asdict(note)).encode()
        store.undo_copies.keep(UndoCopy("note", note.id, before=before, conversation_id=chat))
        store.undo_copies.keep(UndoCopy("edit", "a.txt", root="/data", before=b"the Quixotl of old"))
        desk.put_note(replace(note, title="", text="nothing of it"))
        desk.add_reminder("Feed Quixotl", "in 1 hour")
    assert len(occurrences(home, "Quixotl", tmp_path)) > 1
    code, said = run("memory", "forget", "quixotl", "--yes")
    assert code == 0
    assert "Forgotten: 3 messages, 0 memories, 3 notes, reminders and undo copies." in said
    assert occurrences(home, "Quixotl", tmp_path) == {}
    assert "nothing of it" in run("notes", "list")[1]
    assert "read_file" in run("audit")[1]
