"""`desktop-agent models found` and `models adopt` as people run them."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.helpers.fake_models import gguf_file
from tests.helpers.other_programs import ollama
from tests.helpers.program import COMMAND


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of an account of the test's own, and an empty models folder."""
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "OLLAMA_MODELS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "account"))
    monkeypatch.setenv("DESKTOP_AGENT_MODELS", str(tmp_path / "models"))
    return tmp_path / "account"


@pytest.fixture
def toy(account: Path, tmp_path: Path) -> Path:
    """A model of Ollama's; its blob."""
    return ollama(account, "library/toy:1b", gguf_file(tmp_path / "toy.gguf", general__name="Toy"))


def models(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "models", *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.usefixtures("account")
def test_nothing_is_found() -> None:
    ran = models("found")
    assert (ran.returncode, ran.stdout) == (0, "")
    assert ran.stderr == "No models of LM Studio, Ollama, GPT4All, Jan or Hugging Face were found on this computer.\n"
    assert json.loads(models("found", "--json").stdout) == []


def test_found_adopted_used_and_removed(toy: Path) -> None:
    assert models("found").stdout.splitlines()[1].split() == ["toy:1b", "0", "MB", "Ollama", "no"]
    ran = models("adopt", "Toy:1b")
    assert (ran.returncode, ran.stdout) == (
        0,
        f"toy-1b is here: Toy, 0M, unknown\nIt stays where it is: {toy}\n",
    )
    assert "desktop-agent ask --model toy-1b" in ran.stderr
    assert models("found").stdout.splitlines()[1].split()[-1] == "yes"
    listed = next(row for row in json.loads(models("list", "--json").stdout) if row["name"] == "toy-1b")
    assert (listed["path"], listed["installed"]) == (str(toy), True)
    assert models("verify", "toy-1b").stdout.startswith("toy-1b is intact: ")
    assert models("remove", "toy-1b").stdout == f"toy-1b is removed; its file stays where it is: {toy}\n"
    assert toy.exists()
    assert "toy-1b" not in models("list").stdout


def test_found_as_json(toy: Path) -> None:
    (row,) = json.loads(models("found", "--json").stdout)
    assert row == {
        "program": "Ollama",
        "title": "toy:1b",
        "paths": [str(toy)],
        "bytes": toy.stat().st_size,
        "sha256": toy.name.removeprefix("sha256-"),
        "role": "chat",
        "problem": "",
        "used": False,
    }


def test_a_path_is_adopted_too(account: Path, toy: Path, tmp_path: Path) -> None:
    assert models("adopt", str(toy)).stdout.startswith("toy-1b is here")
    mine = gguf_file(tmp_path / "mine.gguf", weights=512)
    assert models("adopt", str(mine)).stdout.splitlines()[1] == f"It stays where it is: {mine}"
    assert sorted(path.name for path in (tmp_path / "models").glob("*.*")) == [".import.lock", "imported.json"]


@pytest.mark.usefixtures("toy")
def test_a_copy_is_one(tmp_path: Path) -> None:
    mine = gguf_file(tmp_path / "mine.gguf", weights=512)
    assert models("import", str(mine), "--copy").returncode == 0
    assert not (tmp_path / "models" / "mine.gguf").samefile(mine)


def test_what_goes_wrong_is_one_sentence(account: Path, toy: Path, tmp_path: Path) -> None:
    ollama(account, "library/odd:1", tmp_path / "toy.gguf", adapter=True)
    lm_studio = account / ".lmstudio" / "models" / "a" / "b"
    jan = account / "jan" / "models" / "twin"
    for weights, folder in ((512, lm_studio), (1024, jan)):
        folder.mkdir(parents=True)
        gguf_file(folder / "twin.gguf", weights=weights)
    assert "It needs an adapter" in models("found").stdout
    for name, words in (
        ("odd:1", "odd:1 cannot be used: It needs an adapter, which only Ollama can add to it."),
        ("toy", "There is no model called 'toy'. Did you mean toy:1b?"),
        ("twin", f"several models called twin. Say which file: {lm_studio / 'twin.gguf'} or {jan / 'twin.gguf'}."),
        ("/nowhere.gguf", "There is no file /nowhere.gguf."),
    ):
        ran = models("adopt", name)
        assert (ran.returncode, ran.stdout) == (5, "")
        assert words in ran.stderr
