import stat

import pytest

from desktop_agent import durable


def test_what_is_written_replaces_the_old_and_is_private(tmp_path):
    path = tmp_path / "file"
    path.write_text("old and readable by all")
    path.chmod(0o644)
    durable.write(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_keeps_the_old_content(tmp_path):
    path = tmp_path / "folder"
    path.mkdir()
    (path / "inside").touch()
    with pytest.raises(OSError, match="folder"):
        durable.write(path, b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]
    assert (path / "inside").exists()


def test_what_a_crash_left_half_written_is_not_in_the_way(tmp_path):
    (tmp_path / "file.new").write_text("half")
    durable.write(tmp_path / "file", b"whole")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("file", b"whole")]


def test_creating_never_replaces(tmp_path):
    durable.create(tmp_path / "file", b"first")
    with pytest.raises(FileExistsError):
        durable.create(tmp_path / "file", b"second")
    assert (tmp_path / "file").read_bytes() == b"first"
