"""Interpreters and programs as people have them in their homes: what holds them is seen, and the home is not."""

import os
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox import runtimes


@pytest.fixture
def home(home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home, in which what is secret lies beside what runs."""
    folder = tmp_path / "ann"
    for secret in (".ssh/id_rsa", "letters/ann.txt", ".local/share/keyrings/login.keyring"):
        made(folder / secret)
    monkeypatch.setenv("HOME", str(folder))
    return folder


def made(path: Path, text: str = "", links_to: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if links_to:
        path.symlink_to(links_to)
    else:
        path.write_text(text)
        path.chmod(0o755)
    return path


def parts(*command: str | Path) -> set[Path]:
    return set(runtimes.find(tuple(map(str, command))).parts)


def sees(found: set[Path], path: Path) -> bool:
    return any(path.is_relative_to(part) for part in found)


def assert_no_secrets(found: set[Path], home: Path) -> None:
    assert not any(sees(found, path) for path in home.rglob("*") if path.name in ("id_rsa", "ann.txt", "login.keyring"))
    assert not any(home.is_relative_to(part) for part in found)


def test_a_program_of_the_system_needs_nothing_else():
    assert {part.parts[1] for part in parts("sh")} <= {"usr", "bin", "lib", "lib64"}


def test_a_virtual_environment_with_the_python_it_was_made_of(home: Path):
    base = made(home / ".pyenv/versions/3.12/bin/python3.12")
    made(home / ".pyenv/versions/3.12/lib/python3.12/os.py")
    made(home / "project/.venv/pyvenv.cfg")
    made(home / "project/.venv/bin/python3", links_to=str(base))
    python = made(home / "project/.venv/bin/python", links_to="python3")
    made(home / "project/secret.env")
    script = made(home / "project/.venv/bin/mcp-server", f"#!{python}\n")
    for command in ((python, "-m", "server"), (script,)):
        found = parts(*command)
        assert sees(found, home / "project/.venv/lib/x.py")
        assert sees(found, base)
        assert sees(found, base.parent.parent / "lib/python3.12/os.py")
        assert not sees(found, home / "project/secret.env")
        assert_no_secrets(found, home)


def test_a_link_to_a_folder_on_the_way_is_seen_under_both_names(home: Path):
    """Where uv keeps its Pythons, a link names the newest patch release."""
    made(home / ".local/share/uv/python/cpython-3.12.4/bin/python3.12")
    made(home / ".local/share/uv/python/cpython-3.12", links_to="cpython-3.12.4")
    made(home / "tool/pyvenv.cfg")
    python = made(home / "tool/bin/python", links_to=str(home / ".local/share/uv/python/cpython-3.12/bin/python3.12"))
    found = parts(python)
    assert sees(found, home / ".local/share/uv/python/cpython-3.12/bin/python3.12")
    assert sees(found, home / ".local/share/uv/python/cpython-3.12.4/bin/python3.12")
    assert_no_secrets(found, home)


def test_a_program_that_pipx_linked(home: Path):
    made(home / ".local/share/pipx/venvs/server/pyvenv.cfg")
    made(home / ".local/share/pipx/venvs/server/bin/python", links_to="/usr/bin/env")
    program = made(home / ".local/share/pipx/venvs/server/bin/server", "#!/usr/bin/env sh\n")
    found = parts(made(home / ".local/bin/server", links_to=str(program)))
    assert sees(found, program)
    assert_no_secrets(found, home)


def test_node_of_nvm_and_a_script_with_its_packages(home: Path, monkeypatch: pytest.MonkeyPatch):
    node = made(home / ".nvm/versions/node/v20/bin/node")
    script = made(home / "servers/node_modules/@scope/server/dist/index.js", "#!/usr/bin/env node\n")
    made(home / "servers/notes.txt")
    monkeypatch.setenv("PATH", f"{node.parent}:{os.environ['PATH']}")
    linked = made(home / "servers/node_modules/.bin/server", links_to="../@scope/server/dist/index.js")
    for command in (("node", script), (linked,)):
        found = parts(*command)
        assert sees(found, node)
        assert sees(found, home / "servers/node_modules/other/index.js")
        assert not sees(found, home / "servers/notes.txt")
        assert_no_secrets(found, home)
    assert runtimes.find(("node", str(script))).search.startswith(f"{node.parent}:")


def test_a_script_of_a_project_sees_its_project(home: Path):
    made(home / "code/server/pyproject.toml")
    script = made(home / "code/server/src/main.py")
    found = parts("python3", script)
    assert sees(found, home / "code/server/src/other.py")
    assert not sees(found, home / "code/else.py")


def test_a_project_does_not_begin_far_above(home: Path):
    made(home / "work/package.json")
    script = made(home / "work/a/b/c/d/server.py")
    assert not sees(parts("python3", script), home / "work/else.txt")


def test_a_script_or_program_right_in_the_home_is_seen_alone(home: Path):
    made(home / "package.json")
    script, program = made(home / "server.py"), made(home / "bin/server")
    assert script in parts("python3", script)
    assert program in parts(program)
    for found in (parts("python3", script), parts(program)):
        assert_no_secrets(found, home)


@pytest.mark.parametrize("folder", ["Documents", "Downloads", "Desktop", ".config"])
def test_a_script_among_other_things_is_seen_alone(home: Path, folder: str):
    made(home / folder / "tax.pdf")
    made(home / folder / "package.json")
    script = made(home / folder / "server.py")
    found = parts("python3", script)
    assert sees(found, script)
    assert not sees(found, home / folder / "tax.pdf")
    inside = parts("python3", made(home / folder / "tools/server.py"))
    assert sees(inside, home / folder / "tools/helper.py")
    assert not sees(inside, home / folder / "tax.pdf")


@pytest.mark.parametrize("flag", ["-m", "-c", "-e"])
def test_what_is_no_script_is_not_taken_for_one(home: Path, flag: str):
    assert not sees(parts("python3", flag, "server", home / "letters/ann.txt"), home / "letters/ann.txt")


@pytest.mark.parametrize("fetcher", ["npx", "uvx", "docker"])
def test_what_fetches_what_it_runs_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch, fetcher: str):
    monkeypatch.setenv("PATH", str(made(home / "x" / fetcher).parent))
    with pytest.raises(UserFacingError, match=f"'{fetcher}' fetches or starts other programs"):
        runtimes.find((fetcher, "server"))


def test_what_is_not_there_is_told(home: Path):
    for command in ((), ("no-such-program",), (str(home / "letters"),)):
        with pytest.raises(UserFacingError):
            runtimes.find(command)
    with pytest.raises(UserFacingError, match="There is no program '/no/such/interpreter'"):
        runtimes.find((str(made(home / "x/script", "#!/no/such/interpreter\n")),))


def test_links_and_scripts_that_lead_in_circles_end(home: Path):
    first = home / "x/a"
    made(first, f"#!{first}\n")
    parts(first)
    made(home / "y/a", links_to="b")
    made(home / "y/b", links_to="a")
    with pytest.raises(UserFacingError):
        runtimes.find((str(home / "y/a"),))
