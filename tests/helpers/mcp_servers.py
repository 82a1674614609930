"""MCP servers for tests: real ones, which pip and npm fetch once into a folder beside the models, and a hostile one."""

import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from desktop_agent.records import McpServer
from desktop_agent.sandbox.bubblewrap import Cage, Start
from desktop_agent.tools.mcp.clients import McpClients
from desktop_agent.tools.scope import Scope

TIME = "mcp-server-time==2026.10.19"
FILES = "@modelcontextprotocol/server-filesystem@2026.8.31"
MEMORY = "@modelcontextprotocol/server-memory@2026.8.31"
HOSTILE = Path(__file__).with_name("hostile_server.py")
MODERN = Path(__file__).with_name("modern_server.py")


def hostile(*options: str, name: str = "hostile", **given: object) -> McpServer:
    """Return the hostile server, run by this Python."""
    return McpServer(name, (sys.executable, str(HOSTILE), *options), **given)  # type: ignore[arg-type]


@contextmanager
def unconfined(cage: Cage) -> Iterator[Start]:
    """Start a server without any cage: for what has nothing to do with it."""
    yield Start(list(cage.command), ())


def call(clients: McpClients, server: str, tool: str, **arguments: object) -> str:
    """Return what a tool says, however it ends."""
    found = {each.name: each for each in clients.tools(server)}
    try:
        return str(found[f"{server}_{tool}"].run(arguments, {Scope: Scope(())}).text)  # type: ignore[union-attr]
    except Exception as error:  # noqa: BLE001 -- what it says is looked at
        return str(error)


def real_server(cache: Path, package: str) -> tuple[str, ...]:
    """Return the command of a real server. Raises RuntimeError when it can neither be found nor fetched."""
    npm = package.startswith("@")
    folder = cache / package.replace("/", "_")
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "lock"):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            (_fetch_from_npm if npm else _fetch_from_pypi)(folder, package)
            (folder / "complete").touch()
    if npm:
        name = package.rpartition("@")[0].rpartition("/")[2]
        return ("node", str(folder / "node_modules" / "@modelcontextprotocol" / name / "dist" / "index.js"))
    return (str(folder / "bin" / package.partition("==")[0]),)


def _fetch_from_npm(folder: Path, package: str) -> None:
    folder.mkdir()
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    _run(package, "npm", "install", *quiet, "--prefix", str(folder), package)


def _fetch_from_pypi(folder: Path, package: str) -> None:
    venv.create(folder, with_pip=True)
    _run(package, str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", package)


def _run(package: str, *command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise RuntimeError(f"{package} cannot be fetched: {error}") from error
    if done.returncode:
        raise RuntimeError(f"{package} cannot be fetched:\n{done.stderr[-2000:]}")


MakeClients = Callable[..., McpClients]
