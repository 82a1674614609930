"""`desktop-agent mcp`: what is kept of a server, and what is refused. The servers run confined, as everywhere."""

import io
import json
import sys
from contextlib import closing
from pathlib import Path

import pytest

from desktop_agent.app import App
from desktop_agent.cli import main
from desktop_agent.paths import Paths
from desktop_agent.records import McpServer
from desktop_agent.settings import server_secrets
from tests.helpers.mcp_servers import HOSTILE


def run(*arguments: str) -> int:
    """Run the command within this process."""
    return main.run(["mcp", *arguments], lambda: 0)


def listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run("list", "--json") == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


def test_a_server_is_added_tried_switched_off_and_removed(home: Paths, papers: Path, capsys):
    command = (sys.executable, str(HOSTILE))
    assert run("add", "demo", "--folder", str(papers), "--env", "A=b=c", "--", *command) == 0
    (kept,) = listed(capsys)
    assert kept["command"] == list(command)
    assert kept["folders"] == [str(papers)]
    assert kept["environment"] == [["A", "b=c"]]
    assert run("tools", "demo") == 0
    assert "demo_echo (only reads)" in capsys.readouterr().out
    assert run("disable", "demo") == 0
    assert listed(capsys)[0]["enabled"] is False
    assert run("enable", "demo") == 0
    assert listed(capsys)[0]["enabled"] is True
    assert run("remove", "demo") == 0
    assert listed(capsys) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "Demo", "--", "python3"], "cannot be a server's name"),
        (["add", "a_b", "--", "python3"], "cannot be a server's name"),
        (["add", "demo", "--", "no-such-program-here"], "There is no program 'no-such-program-here'"),
        (["add", "demo", "--", "npx", "git+ssh://x/y"], "is no package's name"),
        (["add", "demo", "--folder", "/", "--", "python3"], "'/' cannot be granted"),
        (["add", "demo", "--write", "/nowhere", "--", "python3"], "There is no folder '/nowhere'"),
        (["add", "demo", "--env", "A", "--", "python3"], "'A' is no NAME=VALUE"),
        (["add", "demo", "--env", "A B=c", "--", "python3"], "cannot be the name of a value"),
        (["add", "demo", "--secret", "TOKEN", "--", "python3"], "The secret 'TOKEN' is empty"),
        (["remove", "demo"], "There is no MCP server 'demo'"),
        (["enable", "demo"], "There is no MCP server 'demo'"),
        (["tools", "demo"], "There is no MCP server 'demo'"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(home: Paths, capsys, monkeypatch, arguments, said):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert run(*arguments) == 5
    assert said in capsys.readouterr().err
    assert listed(capsys) == []


def test_the_home_and_what_holds_secrets_is_not_given(home: Paths, capsys):
    keys = Path.home() / ".ssh"
    keys.mkdir()
    for folder in (Path.home(), keys, home.home):
        assert run("add", "demo", "--folder", str(folder), "--", "python3") == 5
        assert "cannot be granted" in capsys.readouterr().err


def test_a_secret_is_in_the_keyring_alone(secret_service: None, home: Paths, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("s3cret-value\n"))
    assert run("add", "demo", "--secret", "TOKEN", "--", "python3") == 0
    assert server_secrets.read(home, "demo", "TOKEN") == "s3cret-value"
    assert "s3cret-value" not in str(listed(capsys))
    kept = [path for path in home.home.rglob("*") if path.is_file() and b"s3cret-value" in path.read_bytes()]
    assert kept == []
    monkeypatch.setattr(sys, "stdin", io.StringIO("another-value\n"))
    assert run("add", "demo", "--secret", "KEY", "--", "python3") == 0
    assert [server_secrets.read(home, "demo", name) for name in ("TOKEN", "KEY")] == ["", "another-value"]
    assert run("remove", "demo") == 0
    assert server_secrets.read(home, "demo", "KEY") == ""


def test_a_folder_that_was_forgotten_is_told(home: Paths, papers: Path, capsys):
    assert run("add", "demo", "--", "python3", str(HOSTILE), str(papers)) == 0
    assert f"the server may not see {papers}" in capsys.readouterr().err


def test_a_program_named_by_its_place_here_is_kept_in_full(home: Paths, papers: Path, capsys, monkeypatch):
    (papers / "server.py").write_text("")
    monkeypatch.chdir(papers)
    assert run("add", "demo", "--", "python3", "./server.py", "a/b") == 0
    assert listed(capsys)[0]["command"] == ["python3", str(papers / "server.py"), "a/b"]


def test_another_definition_is_asked_for_anew(home: Paths, capsys):
    def approvals() -> list[str]:
        with closing(App(home).open()) as app:
            return [each.tool for each in app.tool_desk.approvals()]

    assert run("add", "demo", "--", "python3") == 0
    with closing(App(home).open()) as app:
        app._spaces.kept.store.permissions.allow_tool("demo_echo", "spec")
        app._spaces.kept.store.permissions.allow_tool("read_file", "spec")
    assert run("disable", "demo") == 0
    assert approvals() == ["demo_echo", "read_file"]
    assert run("add", "demo", "--network", "--", "python3") == 0
    assert approvals() == ["read_file"]


def test_another_definition_is_asked_for_anew_in_temporary_chats(home: Paths):
    with closing(App(home).open()) as app:
        app.tool_desk.put_server(McpServer("demo", ("python3",)), {})
        permissions = app._spaces.of(app.start_temporary()).store.permissions
        permissions.allow_tool("demo_echo", "spec")
        app.tool_desk.put_server(McpServer("demo", ("python3",), network=True), {})
        assert permissions.standing_approvals() == []
