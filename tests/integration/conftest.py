"""The program as people start it: a process of its own."""

import os
import subprocess
from pathlib import Path

import pytest

from desktop_agent.paths import Paths
from tests.helpers.program import COMMAND, Ran, Run


@pytest.fixture(scope="session")
def heads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the program keeps what every prompt begins with, for all tests: reading it takes a model half a minute."""
    return tmp_path_factory.mktemp("heads")


@pytest.fixture
def run(home: Paths, heads: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `desktop-agent` with arguments, without a screen, and wait for its end."""
    monkeypatch.delenv("QT_QPA_PLATFORM")
    home.engine.mkdir(parents=True)
    (home.engine / "heads").symlink_to(heads)

    def run_command(*arguments: str, given: str = "", **environment: str) -> Ran:
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=given,
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
            env={**os.environ, **environment},
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_command


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    """A folder with one invoice."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "invoice.txt").write_text("Total: 4711.50 EUR\n", encoding="utf-8")
    return folder
