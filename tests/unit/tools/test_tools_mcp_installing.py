"""Installing what npx and uvx would fetch. npm is played by a script here; the real one is in tests/integration."""

import os
import subprocess
import threading
import time
import zipfile
from pathlib import Path

import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.tools.mcp import installing
from desktop_agent.tools.mcp.installing import Package

NPM = """#!/bin/sh
echo "$@" > '{log}'
while [ "$1" != --prefix ]; do shift; done
mkdir -p "$2/node_modules/@scope/server/dist" "$2/node_modules/.bin"
echo '{about}' > "$2/node_modules/@scope/server/package.json"
{more}
"""
SERVER = Package("npm", "@scope/server", "", "", ("a", "--b"))


class Npm:
    def __init__(self, folder: Path) -> None:
        self._bin = folder / "fake"
        self._bin.mkdir()
        self.log = folder / "log"

    def plays(self, about: str = '{"bin": {"server": "dist/index.js"}}', more: str = "") -> None:
        path = self._bin / "npm"
        path.write_text(NPM.format(log=self.log, about=about, more=more))
        path.chmod(0o755)


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Npm:
    made = Npm(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}/fake:{os.environ['PATH']}")
    made.plays()
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "programs" / "server"


def install(package: Package, folder: Path, cancel: threading.Event | None = None) -> tuple[str, ...]:
    return installing.install(package, folder, cancel or threading.Event())


@pytest.mark.parametrize(
    ("command", "package"),
    [
        ("npx -y @scope/server a --b", SERVER),
        ("npx @scope/server@1.2.3", Package("npm", "@scope/server", "1.2.3", "", ())),
        ("npx server@latest -x", Package("npm", "server", "", "", ("-x",))),
        ("npx --yes --package=@scope/server run me", Package("npm", "@scope/server", "", "run", ("me",))),
        ("npx -p server run", Package("npm", "server", "", "run", ())),
        ("uvx mcp-server-time --zone UTC", Package("pypi", "mcp-server-time", "", "", ("--zone", "UTC"))),
        ("uvx server@1.0", Package("pypi", "server", "1.0", "", ())),
        ("uvx --python 3.12 --from server[cli]==2 run", Package("pypi", "server[cli]", "2", "run", ())),
        ("uv tool run server", Package("pypi", "server", "", "", ())),
        ("pipx run --spec server==1 run", Package("pypi", "server", "1", "run", ())),
        ("node npx", None),
        ("uv pip install x", None),
        ("", None),
    ],
)
def test_what_a_command_would_fetch(command: str, package: Package | None):
    assert installing.wanted(command.split()) == package


@pytest.mark.parametrize(
    "command",
    [
        *("npx", "npx -y", "npx ./here", "npx git+ssh://x/y", "npx x/y", "npx https://x/y.tgz", "npx file:../x"),
        *(
            "uvx git+https://x/y",
            "uvx ./here",
            "uvx --from /tmp/x run",
            "uvx server@../x",
            "npx a;b",
            "npx @a/b@file:x",
        ),
    ],
)
def test_addresses_are_no_packages(command: str):
    with pytest.raises(UserFacingError, match="is no package's name"):
        installing.wanted(command.split())


def test_a_package_is_installed_without_running_it(npm: Npm, folder: Path):
    assert install(SERVER, folder) == (f"{folder}/node_modules/.bin/server", "a", "--b")
    said = npm.log.read_text()
    assert "--ignore-scripts" in said
    assert said.endswith(f"--prefix {folder} @scope/server\n")
    assert [path.name for path in folder.parent.iterdir()] == ["server"]


@pytest.mark.parametrize(
    ("about", "program", "run"),
    [
        ('{"bin": "dist/index.js"}', "", "server"),
        ('{"bin": {"other": "x"}}', "", "other"),
        ('{"bin": {"other": "x", "server": "y"}}', "", "server"),
        ('{"bin": {"other": "x", "more": "y"}}', "more", "more"),
    ],
)
def test_which_program_is_run(npm: Npm, folder: Path, about: str, program: str, run: str):
    npm.plays(about)
    package = Package("npm", "@scope/server", "", program, ())
    assert install(package, folder) == (f"{folder}/node_modules/.bin/{run}",)


@pytest.mark.parametrize(
    ("about", "program"), [("{}", ""), ('{"bin": {"a": "", "b": ""}}', ""), ('{"bin": {"a": ""}}', "c")]
)
def test_a_package_without_that_program_is_refused(npm: Npm, folder: Path, about: str, program: str):
    npm.plays(about)
    with pytest.raises(UserFacingError, match="has no program"):
        install(Package("npm", "@scope/server", "", program, ()), folder)
    assert not list(folder.parent.iterdir())


def test_what_fails_leaves_what_was_there(npm: Npm, folder: Path):
    install(SERVER, folder)
    (folder / "mark").touch()
    npm.plays(more="echo npm error 404; echo npm error A complete log is in x; exit 1")
    with pytest.raises(UserFacingError, match="could not be installed: npm error 404 Check its name"):
        install(SERVER, folder)
    assert (folder / "mark").exists()
    assert [path.name for path in folder.parent.iterdir()] == ["server"]


def test_a_python_package_is_installed_in_an_environment_of_its_own(folder, tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "mcp_demo-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("mcp_demo.py", "def main():\n    print('demo')\n")
        about = "mcp_demo-1.0.dist-info"
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: mcp-demo\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/entry_points.txt", "[console_scripts]\nmcp-demo = mcp_demo:main\n")
        wheel.writestr(f"{about}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    command = install(Package("pypi", "mcp-demo", "1.0", "", ()), folder)
    assert command == (f"{folder}/bin/mcp-demo",)
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "demo\n"


def test_it_can_be_stopped(npm: Npm, folder: Path):
    npm.plays(more="exec sleep 60")
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        install(SERVER, folder, cancel)
    assert time.monotonic() - started < 5
    assert not list(folder.parent.iterdir())


def test_without_npm_it_is_said(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserFacingError, match=r"cannot be installed without 'npm'.*Install Node.js"):
        install(SERVER, folder)
