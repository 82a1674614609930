"""The script that builds the Python that the model's code runs in."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "packaging" / "sandbox" / "build.py"


def build(**environment: str) -> "subprocess.CompletedProcess[str]":
    variables = {**os.environ, **environment}
    return subprocess.run([sys.executable, str(SCRIPT)], env=variables, capture_output=True, text=True, check=False)


def test_what_is_there_is_of_these_sources_and_not_built_again(python_folder: Path) -> None:
    before = {file.name: file.stat().st_mtime_ns for file in python_folder.iterdir() if file.name != ".lock"}
    built = build()
    assert (built.returncode, built.stderr) == (0, "")
    assert {file.name: file.stat().st_mtime_ns for file in python_folder.iterdir() if file.name != ".lock"} == before


def test_what_cannot_be_built_is_said(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file in the way")
    built = build(DESKTOP_AGENT_MODELS=str(tmp_path / "models"))
    assert built.returncode == 1
    assert built.stderr.startswith("The Python sandbox could not be built: ")
    assert "Traceback" not in built.stderr


def test_without_what_builds_it_nothing_is_left_half_made(tmp_path: Path) -> None:
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}
    built = build(DESKTOP_AGENT_MODELS=str(tmp_path / "models"), **nowhere)
    assert built.returncode == 1
    assert "The Python sandbox could not be built: " in built.stderr
    assert not list((tmp_path / "models").rglob("python.*"))
