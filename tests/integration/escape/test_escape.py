"""Code that means harm is run for real, by root and by an ordinary user; none of it may have an effect."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.sandbox.python import PythonSandbox
from desktop_agent.sandbox.selftest import SelfTest
from tests.integration.escape import corpus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what confines processes elsewhere is not tested yet")

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
USER = 61_234
ACCOUNTS = ("root", "user") if os.geteuid() == 0 else ("user",)
CONFIGURATIONS = ("plain", "locked", "python", "cage")
FAMILIES = {"changes", "files", "network", "output", "processes", "python", "resources"}
SEEN_FROM_OUTSIDE = {"leak", "change", "arrival", "killed"}
"""A server may start processes and take memory; what counts is what it does to the rest of the machine."""

Results = dict[tuple[str, str], dict[str, list[str]]]


@pytest.fixture(scope="module")
def results(python_folder: Path) -> Iterator[Results]:
    """Run everything once, side by side: most of it waits."""
    with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as name:
        base = Path(name)
        base.chmod(0o755)
        running = {
            (account, configuration): _started(account, configuration, base / account / configuration, python_folder)
            for account in ACCOUNTS
            for configuration in CONFIGURATIONS
        }
        yield {which: _finished(process) for which, process in running.items()}


def _started(account: str, configuration: str, folder: Path, sandbox: Path) -> "subprocess.Popen[bytes]":
    folder.mkdir(parents=True)
    before: list[str] = []
    if account != "root" and os.geteuid() == 0:
        theirs, sandbox = sandbox, folder.parent / "python-sandbox"
        if not sandbox.exists():
            shutil.copytree(theirs, sandbox)
        for path in (folder, sandbox, *sandbox.rglob("*")):
            os.chown(path, USER, USER)
        readable = ",".join((sys.base_prefix, sys.prefix, str(ROOT)))
        before = [sys.executable, str(HERE / "in_account.py"), str(USER), readable]
    command = [*before, sys.executable, str(HERE / "runner.py"), configuration, str(folder), str(sandbox)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _finished(process: "subprocess.Popen[bytes]") -> dict[str, list[str]]:
    told, complaints = process.communicate(timeout=240)
    assert process.returncode == 0, complaints.decode("utf-8", "replace")[-4000:]
    effects: dict[str, list[str]] = json.loads(told)
    return effects


def test_that_every_layer_is_there(python_folder: Path) -> None:
    python = PythonSandbox(python_folder)
    try:
        layers = SelfTest(python).run()
    finally:
        python.close()
    assert {layer.name: (layer.state, layer.detail) for layer in layers if layer.state != "on"} == {}


def test_that_the_corpus_is_large_and_has_every_family() -> None:
    attempts = corpus.attempts()
    assert len({attempt.name for attempt in attempts}) == len(attempts) >= 100
    assert {attempt.family for attempt in attempts} == FAMILIES


@pytest.mark.parametrize("account", ACCOUNTS)
def test_that_the_attempts_do_attack_what_is_not_confined(results: Results, account: str) -> None:
    through = [name for name, effects in results[account, "plain"].items() if effects]
    assert len(through) >= 150
    assert {name.split(":")[0] for name in through} == FAMILIES


@pytest.mark.parametrize("configuration", ["locked", "python"])
@pytest.mark.parametrize("account", ACCOUNTS)
def test_that_nothing_gets_out(results: Results, account: str, configuration: str) -> None:
    made = results[account, configuration]
    assert len(made) >= 200
    assert {name: effects for name, effects in made.items() if effects} == {}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_that_a_server_touches_nothing_of_the_machine(results: Results, account: str) -> None:
    made = results[account, "cage"]
    assert sum("marker" in effects for effects in made.values()) >= 10  # the attempts ran, and some of it is allowed
    assert {name: effects for name, effects in made.items() if SEEN_FROM_OUTSIDE & set(effects)} == {}
