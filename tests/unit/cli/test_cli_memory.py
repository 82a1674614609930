"""`desktop-agent memory` with what people type by mistake, and where nothing can be had."""

import argparse
import json
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from desktop_agent.app import App
from desktop_agent.cli import main, memory
from desktop_agent.messages import Message
from desktop_agent.paths import Paths
from desktop_agent.settings.config import Settings, save
from tests.helpers.plain_dump import occurrences
from tests.helpers.program import COMMAND
from tests.helpers.terminal import at_a_terminal


def run(*arguments: str) -> int:
    """Run the command within this process."""
    return main.run(["memory", *arguments], lambda: 0)


def test_the_commands_register_on_a_parser():
    parser = argparse.ArgumentParser()
    memory.register(parser.add_subparsers())
    chosen = parser.parse_args(["memory", "search", "cat", "--count", "3", "--json"])
    assert (chosen.text, chosen.count, chosen.json) == ("cat", 3, True)


@pytest.mark.parametrize("count", ["-1", "0", "many", "1.5"])
def test_a_count_that_is_none_is_refused(home, capsys, count):
    with pytest.raises(SystemExit) as ended:
        run("search", "cat", "--count", count)
    assert ended.value.code == 2
    assert "a number from 1 on is needed" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "?!", "🎉"])
def test_what_has_no_words_is_neither_saved_nor_forgotten(home, capsys, text):
    assert run("add", text) == 5
    assert run("forget", text, "--yes") == 5
    assert "no words to look for" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_is_json_in_every_encoding(home, encoding, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    for arguments in (["add", "汤姆 é 😀"], ["list"]):
        ran = subprocess.run([*COMMAND, "memory", *arguments, "--json"], capture_output=True, check=True)
        said = json.loads(ran.stdout.decode(encoding))
        assert (said if isinstance(said, dict) else said[0])["text"] == "汤姆 é 😀"


def test_an_index_that_cannot_be_had_is_not_waited_for(home: Paths, embedder_path: Path, capsys):
    save(home.create().settings, Settings(memory_server="http://127.0.0.1:9", embedder=str(embedder_path)))
    assert run("rebuild") == 5
    assert "cannot be reached" in capsys.readouterr().err


def test_without_an_embedder_there_is_nothing_to_rebuild(home: Paths, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DESKTOP_AGENT_MODELS", str(tmp_path / "none"))
    assert run("rebuild") == 5
    assert "by words only" in capsys.readouterr().err


def test_words_that_only_a_backup_has_are_forgotten_there(home: Paths, tmp_path, capsys):
    with closing(App(home).open()) as app:
        chat = app.conversations.create().id
        app.transcript.append(chat, Message("user", "My cat is Quixotl"))
        app.desk.backup_now()
        app.delete_conversation(chat)
    assert run("forget", "quixotl") == 5  # nobody can be asked
    assert run("forget", "quixotl", "--yes") == 0
    assert occurrences(home, "Quixotl", tmp_path) == {}


def test_a_passphrase_that_is_not_typed_stops_the_command(home: Paths, tmp_path):
    command = [*COMMAND, "memory", "export", str(tmp_path / "archive")]
    code, shown = at_a_terminal(command, [("Passphrase of the archive: ", "\x04")])
    assert code == 4
    assert "Stopped." in shown
    assert "Traceback" not in shown
