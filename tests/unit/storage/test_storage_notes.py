from dataclasses import replace

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.storage.notes import Notes


@pytest.fixture
def notes(database):
    return Notes(database)


def test_a_note_comes_back_as_it_was_written(notes):
    made = notes.add("  Shopping ", " milk\n鸡蛋 ")
    assert (made.title, made.text) == ("Shopping", "milk\n鸡蛋")
    assert notes.get(made.id) == made
    assert notes.list() == [made]
    assert made.created_at == made.updated_at != ""


def test_the_last_changed_comes_first(notes):
    first, second = notes.add("", "one"), notes.add("", "two")
    changed = replace(first, text="one more", updated_at="9999")
    notes.put(changed)
    assert notes.list() == [changed, second]


@pytest.mark.parametrize(
    ("words", "found"),
    [("GRÖSSE des", True), ("title größe", True), ("die?", True), ("鸡 蛋", True), ("size", False), ("", True)],
)
def test_words_are_found_but_for_case_and_punctuation(notes, words, found):
    made = notes.add("Title", "Größe des Tisches: 1 m (die alte), 鸡蛋")
    assert notes.list(words) == ([made] if found else [])


def test_what_has_no_words_is_still_listed(notes):
    made = notes.add("", "🎉")
    assert notes.list() == [made]


def test_half_characters_of_a_model_do_no_harm(notes):
    assert notes.add("a\ud83d", "b\udce9").text == "b?"


def test_an_empty_note_is_refused(notes):
    with pytest.raises(UserFacingError, match="empty note"):
        notes.add(" ", "\n")
    assert notes.list() == []


def test_a_deleted_note_is_gone(notes):
    made = notes.add("", "one")
    for _ in range(2):
        notes.delete(made.id)
    with pytest.raises(UserFacingError, match="no such note"):
        notes.get(made.id)
