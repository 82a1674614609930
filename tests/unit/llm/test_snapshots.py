"""Heads on disk: whole and for the very same conditions, or not at all."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.snapshots import Snapshots, snapshot_name
from desktop_agent.llm.states import State

HEAD = State((1, 2, 3), bytes(range(256)) * 4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(Snapshots(tmp_path / "heads")) as snapshots:
        snapshots.save("one", HEAD)
    return tmp_path / "heads"


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_what_is_saved_comes_back_and_only_this_account_may_read_it(folder):
    state = Snapshots(folder).load("one", HEAD.tokens)
    assert state
    assert (state.tokens, bytes(state.data)) == (HEAD.tokens, HEAD.data)
    if os.name == "posix":
        assert folder.stat().st_mode & 0o077 == 0
        assert files(folder)[0].stat().st_mode & 0o077 == 0


def test_there_is_nothing_where_nothing_was_saved(folder, tmp_path):
    assert Snapshots(folder).load("two", [1]) is None
    assert Snapshots(tmp_path / "nowhere").load("one", [1]) is None


@pytest.mark.parametrize(
    "harm",
    [lambda data: data[:-1], lambda data: data[:20], lambda data: b"", lambda data: data[:50] + b"!" + data[51:]],
    ids=["cut", "cut in the head", "empty", "one byte"],
)
def test_what_is_damaged_is_thrown_away(folder, harm):
    (file,) = files(folder)
    file.write_bytes(harm(file.read_bytes()))
    assert Snapshots(folder).load("one", HEAD.tokens) is None
    assert files(folder) == []


def test_there_is_room_for_the_latest_only(tmp_path):
    room = 2 * (len(HEAD.data) + 40)
    with closing(Snapshots(tmp_path, room)) as snapshots:
        for number, name in enumerate(("one", "two")):
            snapshots.save(name, HEAD)
            snapshots.close()
            os.utime(tmp_path / f"{name}.kv", (number, number))
        assert snapshots.load("one", HEAD.tokens)  # used again
        snapshots.save("three", HEAD)
    assert [file.stem for file in files(tmp_path)] == ["one", "three"]


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with closing(Snapshots(tmp_path / "file" / "heads")) as snapshots:
        snapshots.save("one", HEAD)
        snapshots.close()
        assert snapshots.load("one", HEAD.tokens) is None


def test_other_conditions_have_another_name():
    names = {
        snapshot_name(identity, settings, tokens)
        for identity in ("a", "b")
        for settings in (EngineSettings(), EngineSettings(value_type="q8_0"), EngineSettings(repack=True))
        for tokens in ([1, 2], [1, 3])
    }
    assert len(names) == 12
    assert snapshot_name("a", EngineSettings(threads=1), [1]) == snapshot_name("a", EngineSettings(threads=2), [1])


def test_a_folder_that_may_not_be_read_holds_nothing(folder, monkeypatch):
    def refuse(path: Path, **_how: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)  # the administrator, who may run the tests, is refused nothing
    assert not Snapshots(folder).has("one")


def test_what_a_crash_left_half_written_goes(folder):
    (folder / "two.kv.new").write_bytes(b"half")
    with closing(Snapshots(folder)) as snapshots:
        snapshots.save("three", HEAD)
    assert [file.name for file in files(folder)] == ["one.kv", "three.kv"]
