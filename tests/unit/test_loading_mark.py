"""What a crash while a model is loaded leaves for the next start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_agent.loading_mark import LoadingMark

DIES = "import os, sys, pathlib\nfrom desktop_agent.loading_mark import LoadingMark\n"
DIES += "LoadingMark(pathlib.Path(sys.argv[1])).set('qwen 七')\nos.abort()\n"


def test_a_load_that_ends_in_order_leaves_nothing(tmp_path: Path) -> None:
    mark = LoadingMark(tmp_path / "engine" / "loading")
    mark.set("starter")
    assert mark.crashed() == ""
    mark.clear()
    assert LoadingMark(tmp_path / "engine" / "loading").crashed() == ""
    assert not list((tmp_path / "engine").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_process_that_dies_while_loading_leaves_the_name(tmp_path: Path) -> None:
    path = tmp_path / "loading"
    died = subprocess.run([sys.executable, "-c", DIES, str(path)], capture_output=True, check=False)
    assert died.returncode == -signal.SIGABRT
    assert LoadingMark(path).crashed() == "qwen 七"
    mark = LoadingMark(path)
    mark.set("starter")
    assert mark.crashed() == "qwen 七"
    mark.clear()
    assert mark.crashed() == LoadingMark(path).crashed() == ""


def test_a_folder_that_cannot_be_written_does_not_stop_the_load(tmp_path: Path) -> None:
    (tmp_path / "engine").write_bytes(b"a file where the folder should be")
    mark = LoadingMark(tmp_path / "engine" / "loading")
    mark.set("starter")
    mark.clear()
    assert mark.crashed() == ""


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "loading").write_bytes(b"\xff\xfe")
    assert LoadingMark(tmp_path / "loading").crashed()
