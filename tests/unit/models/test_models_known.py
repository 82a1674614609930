"""What is remembered of files from elsewhere."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from desktop_agent.models import known as module
from desktop_agent.models.known import REGISTER, Known
from desktop_agent.models.transfer import Progress


def silent(_progress: Progress) -> None:
    """Show nothing."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a model ü.gguf"
    path.write_bytes(b"GGUF and so on")
    return path


def test_a_file_is_tried_once(tmp_path: Path, file: Path) -> None:
    known = Known(tmp_path / "engine", "0.3.36")
    assert not known.passed(file)
    known.mark_passed(file)
    assert Known(tmp_path / "engine", "0.3.36").passed(file)
    assert not known.passed(tmp_path / REGISTER)


def test_another_engine_tries_it_again(tmp_path: Path, file: Path) -> None:
    Known(tmp_path, "0.3.36").mark_passed(file)
    assert not Known(tmp_path, "0.3.37").passed(file)


def test_a_changed_file_is_another_one(tmp_path: Path, file: Path) -> None:
    known = Known(tmp_path)
    known.mark_passed(file)
    status = file.stat()
    file.write_bytes(b"GGUF and so oN")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert not known.passed(file)
    known.mark_passed(file)
    copy = file.with_name("copy")
    copy.write_bytes(file.read_bytes())
    os.utime(copy, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    copy.replace(file)
    assert not known.passed(file), "another inode"


def test_a_file_is_hashed_once(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known, expected = Known(tmp_path), hashlib.sha256(file.read_bytes()).hexdigest()
    assert known.known_sha256(file) == ""
    told: list[Progress] = []
    assert known.sha256(file, told.append) == expected
    assert told[-1].done == told[-1].total
    known.mark_passed(file)
    monkeypatch.setattr(module, "sha256_of", lambda *_: pytest.fail("hashed again"))
    assert Known(tmp_path).sha256(file, silent) == expected
    assert known.known_sha256(file) == expected


def test_what_changes_while_it_is_hashed_is_not_remembered(tmp_path: Path, file: Path) -> None:
    known = Known(tmp_path)
    known.sha256(file, lambda _progress: file.write_bytes(b"something longer than before"))
    assert known.known_sha256(file) == ""


@pytest.mark.parametrize(
    "damage", ["", "[]", "{", '{"x": 1}', '{"x": {"stamp": [1], "sha256": "", "passed": ""}}', "\ud800", "null"]
)
def test_a_damaged_register_means_work_again_and_heals(tmp_path: Path, file: Path, damage: str) -> None:
    (tmp_path / REGISTER).write_bytes(damage.encode("utf-8", "surrogatepass"))
    known = Known(tmp_path)
    assert not known.passed(file)
    known.mark_passed(file)
    assert known.passed(file)


def test_a_folder_that_cannot_be_written(tmp_path: Path, file: Path) -> None:
    (tmp_path / "engine").write_bytes(b"a file where the folder should be")
    known = Known(tmp_path / "engine")
    known.mark_passed(file)
    assert not known.passed(file)
    assert len(known.sha256(file, silent)) == 64


def test_the_oldest_is_forgotten(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 2)
    known, others = Known(tmp_path), [tmp_path / "b", tmp_path / "c"]
    for path in (file, *others):
        path.write_bytes(b"x")
        known.mark_passed(path)
    assert [known.passed(path) for path in (file, *others)] == [False, True, True]
    assert len(json.loads((tmp_path / REGISTER).read_text("utf-8"))) == 2
