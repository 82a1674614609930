"""The tools for notes and reminders, over a real database, and the way back from what they change."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Json, ToolCall, ToolResult
from desktop_agent.records import Note, Reminder
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.notes import LONGEST, told
from desktop_agent.tools.protocols import Approval, NoteStore, ReminderStore
from desktop_agent.tools.records import RecordUndo
from tests.helpers.world import World

DAY = "2026-11-22T08:00:00.000000+00:00"


class Desk:
    """The tools, with a user who allows everything."""

    def __init__(self, tmp_path: Path) -> None:
        self.world = World(tmp_path)
        self.notes, self.reminders = self.world.store.notes, self.world.store.reminders
        self.undo_copies = self.world.store.undo_copies
        services = {NoteStore: self.notes, ReminderStore: self.reminders}
        self.toolbox = self.world.toolbox(built_in_tools(), services)

    def ask(self, name: str, **arguments: Json):
        """Return what the user would be asked."""
        judgement = self.toolbox.judge(ToolCall("1", name, arguments), self.world.chat)
        assert judgement.request is not None, judgement.reason
        return judgement.request

    def use(self, name: str, **arguments: Json) -> ToolResult:
        """Run a tool, with the user's approval where one is needed."""
        call = ToolCall("1", name, arguments)
        judgement = self.toolbox.judge(call, self.world.chat)
        if judgement.verdict == "refuse":
            return ToolResult("1", name, judgement.reason, ok=False)
        approval = Approval(judgement.request, "once") if judgement.request else None
        return self.toolbox.run(call, self.world.chat, threading.Event(), self.world.approver, approval)

    def undo(self, undo_id: str) -> str:
        """Take a change back."""
        copy = self.undo_copies.get(undo_id)
        handlers = {"note": RecordUndo(self.notes, Note), "reminder": RecordUndo(self.reminders, Reminder)}
        return handlers[copy.kind](copy)


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    yield desk
    desk.world.database.close()


# Notes


def test_a_note_is_shown_before_it_is_kept_and_kept_when_allowed(desk):
    request = desk.ask("add_note", text="milk\neggs", title="Shopping")
    preview = request.preview
    assert (preview.kind, preview.label, preview.added, preview.removed) == ("note", "Shopping", 2, 0)
    assert preview.text.splitlines()[1:] == ["+milk", "+eggs"]
    assert desk.notes.list() == []
    result = desk.use("add_note", text="milk\neggs", title="Shopping")
    (note,) = desk.notes.list()
    assert (note.title, note.text) == ("Shopping", "milk\neggs")
    assert result.ok
    assert note.id[:6] in result.text
    assert result.undo_id


def test_a_note_without_words_is_refused_before_anybody_is_asked(desk):
    assert "empty note" in desk.use("add_note", text=" ").text
    assert "at most" in desk.use("add_note", text="x" * (LONGEST + 1)).text


def test_notes_are_told_whole_where_there_is_room(desk):
    desk.notes.add("Shopping", "milk\neggs")
    desk.notes.add("", "Call Ann")
    result = desk.use("read_notes")
    assert result.untrusted  # a note may quote what came from outside
    assert "Shopping" in result.text
    assert "milk\neggs" in result.text
    assert result.text.count("Call Ann") == 1


def test_many_long_notes_are_named_rather_than_cut(desk):
    notes = [Note(f"{number:032}", "", f"{number} {'word ' * 500}", DAY, DAY) for number in range(120)]
    text = told(notes)
    assert len(text) < 20_000
    assert text.count("(long: look it up by its id)") > 50
    assert "… and 20 more" in text
    assert told([replace(notes[0], text="x" * 50_000)]).count("x") > 5_000


@pytest.mark.parametrize("words", ["shopping", "Shopping list", "my milk note", "EGGS", "id"])
def test_a_note_is_found_by_what_is_said_of_it(desk, words):
    note = desk.notes.add("Shopping", "milk\neggs")
    desk.notes.add("Birthday", "Ann 3 May")
    result = desk.use("read_notes", words=note.id[:6] if words == "id" else words)
    assert "Shopping" in result.text
    assert "Birthday" not in result.text


def test_what_no_note_has_is_said_with_what_there_is(desk):
    assert desk.use("read_notes", words="cats").text == "There are no notes."
    desk.notes.add("Shopping", "milk")
    result = desk.use("read_notes", words="cats")
    assert not result.ok
    assert "There are: Shopping." in result.text


def test_a_note_is_changed_and_the_change_taken_back(desk):
    note = desk.notes.add("Shopping", "milk\neggs")
    preview = desk.ask("edit_note", note="shopping", text="tea", append=True).preview
    assert preview.text.splitlines()[1:] == [" milk", " eggs", "+tea"]
    result = desk.use("edit_note", note="shopping", text="tea", append=True)
    assert desk.notes.get(note.id).text == "milk\neggs\ntea"
    assert desk.notes.get(note.id).updated_at > note.updated_at
    assert "as it was" in desk.undo(result.undo_id)
    assert desk.notes.get(note.id) == note


def test_a_note_is_replaced_and_deleted_and_all_taken_back(desk):
    note = desk.notes.add("Shopping", "milk")
    added = desk.use("add_note", text="other")
    replaced = desk.use("edit_note", note=note.id[:6], text="tea")
    assert desk.notes.get(note.id).text == "tea"
    preview = desk.ask("delete_note", note="Shopping").preview
    assert (preview.label, preview.added, preview.removed) == ("Shopping", 0, 1)
    deleted = desk.use("delete_note", note="Shopping")
    assert [each.text for each in desk.notes.list()] == ["other"]
    for result in (deleted, replaced, added):
        desk.undo(result.undo_id)
    assert desk.notes.list() == [note]


def test_a_change_that_was_built_on_is_not_taken_back(desk):
    added = desk.use("add_note", text="one")
    desk.use("edit_note", note="one", text="one two")
    with pytest.raises(UserFacingError, match="changed since"):
        desk.undo(added.undo_id)
    assert [each.text for each in desk.notes.list()] == ["one two"]


def test_several_notes_that_fit_are_told_apart_by_id(desk):
    notes = [desk.notes.add("", f"Ann {number}") for number in (1, 2)]
    result = desk.use("delete_note", note="Ann")
    assert not result.ok
    assert all(note.id[:6] in result.text for note in notes)
    assert desk.use("delete_note", note=f"[{notes[0].id[:6]}]").ok
    assert desk.notes.list() == [notes[1]]
    assert "No note fits 'cats'" in desk.use("delete_note", note="cats").text


def test_a_note_that_changed_meanwhile_is_not_overwritten(desk):
    note = desk.notes.add("", "one")
    call = ToolCall("1", "edit_note", {"note": "one", "text": "one two"})
    request = desk.toolbox.judge(call, desk.world.chat).request
    desk.notes.put(replace(note, text="one three"))
    approval = Approval(request, "once")
    result = desk.toolbox.run(call, desk.world.chat, threading.Event(), desk.world.approver, approval)
    assert not result.ok
    assert desk.notes.get(note.id).text == "one three"


def test_nothing_hides_in_a_preview(desk):
    preview = desk.ask("add_note", text="a\u202eb\x1b[31m", title="evil\u200b\nsecond").preview
    assert preview.label == "evil\\u200b second"
    assert "\u202e" not in preview.text
    assert "\x1b" not in preview.text
    preview = desk.ask("add_note", text="milk", title=f"Shopping{' ' * 200}, and {'more ' * 20}secret").preview
    assert (preview.label[:8], "secret" in preview.text, "+milk" in preview.text) == ("Shopping", True, True)
    preview = desk.ask("add_reminder", text="tea\n\u202eb\x1b[31m", when="in 20 minutes").preview
    assert preview.text == "+tea\n+\\u202eb\\u001b[31m"


# Reminders


def test_a_reminder_is_set_for_a_time_from_now_on(desk):
    preview = desk.ask("add_reminder", text="Call Ann", when="in 20 minutes").preview
    assert (preview.kind, preview.label, preview.other) == ("reminder", "Call Ann", "in 20 minutes")
    result = desk.use("add_reminder", text="Call Ann", when="in 20 minutes")
    (reminder,) = desk.reminders.list()
    due = datetime.fromisoformat(reminder.due_at)
    assert timedelta(minutes=19) < due - datetime.now(UTC) <= timedelta(minutes=20)
    assert f"{due.astimezone():%H:%M}" in result.text
    desk.undo(result.undo_id)
    assert desk.reminders.list(done=True) == []


def test_a_reminder_that_repeats_says_so(desk):
    preview = desk.ask("add_reminder", text="Water\nthe plants", when="2099-01-31 18:30", repeat="weekly").preview
    assert preview.other == "Saturday 2099-01-31, 18:30, weekly"
    assert preview.text == "+Water\n+the plants"
    desk.use("add_reminder", text="Water the plants", when="2099-01-31 18:30", repeat="weekly")
    assert "Saturday 2099-01-31, 18:30, weekly" in desk.use("list_reminders").text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"text": "x", "when": "soon"}, "is no time"),
        ({"text": "x", "when": "2020-01-01"}, "is over"),
        ({"text": " ", "when": "in 5 min"}, "needs words"),
        ({"text": "x" * 3000, "when": "in 5 min"}, "at most"),
        ({"text": "x", "when": "in 5 min", "repeat": "hourly"}, "'repeat'"),
    ],
)
def test_a_reminder_that_cannot_be_is_refused_before_anybody_is_asked(desk, arguments, words):
    result = desk.use("add_reminder", **arguments)
    assert not result.ok
    assert words in result.text


def test_a_reminder_is_finished_and_taken_back_though_it_was_shown(desk):
    added = desk.use("add_reminder", text="Call Ann", when="in 20 minutes")
    (reminder,) = desk.reminders.list()
    finished = desk.use("finish_reminder", reminder="ann")
    assert desk.reminders.list() == []
    assert desk.use("list_reminders").text == "There are no reminders."
    desk.undo(finished.undo_id)
    assert desk.reminders.list() == [reminder]
    desk.reminders.put(replace(reminder, shown_at=DAY))
    desk.undo(added.undo_id)
    assert desk.reminders.list(done=True) == []


def test_many_reminders_are_cut_with_a_count(desk):
    for number in range(60):
        desk.reminders.put(Reminder(f"{number:032}", f"number {number}", "2099-01-01T00:00:00+00:00"))
    text = desk.use("list_reminders").text
    assert "number 49" in text
    assert "… and 10 more" in text
