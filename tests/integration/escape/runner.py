"""Makes all attempts under one configuration and prints as JSON which of them got through, judged by their effect.

    python runner.py CONFIGURATION FOLDER PYTHON_SANDBOX

"plain" is an ordinary `python -I -S`: the control, which shows that the attempts do attack. "locked" is native Python
behind the lock of document workers, "python" is what `run_python` uses, "cage" is what MCP servers run in. What counts:
a secret in the output, anything changed in the folder, bytes at a listener, a killed process, a marker that is printed
only on success, work that goes on after its time, more output than is allowed, control characters in what is shown.
"""

import contextlib
import json
import os
import platform
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from desktop_agent.sandbox import bubblewrap, documents, process  # noqa: E402 -- this file is run by its path
from desktop_agent.sandbox.bubblewrap import Cage  # noqa: E402
from desktop_agent.sandbox.process import Worker, WorkerDied, WorkerTimeout  # noqa: E402
from desktop_agent.sandbox.python import PythonSandbox  # noqa: E402
from tests.integration.escape import corpus  # noqa: E402
from tests.integration.escape.arena import Arena, Listeners, Victim  # noqa: E402
from tests.integration.escape.corpus import Attempt  # noqa: E402

HERE = Path(__file__).parent
CELL = HERE / "cell.py"
SECONDS, SLOW_SECONDS, STILL_RUNS = 10.0, 0.2, 3.0
"""What an attempt is given; what one that wants too long is given; after how much it counts as not stopped."""
MOST_OUTPUT = 5 << 20
LATE_SECONDS = 1.5
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass
class Trial:
    """An attempt in its arena, and what came of it."""

    attempt: Attempt
    arena: Arena
    variables: dict[str, object]
    victim: Victim | None
    output: str = ""
    seconds: float = 0.0
    effects: list[str] = field(default_factory=list)

    @property
    def slow(self) -> bool:
        """Whether it is judged by being stopped."""
        return corpus.SLOW in self.attempt.flags


@dataclass
class Stage:
    """Everything around the trials of one configuration."""

    folder: Path
    listeners: Listeners
    secret: str

    def trial(self, attempt: Attempt, number: int) -> Trial:
        """Set up an attempt."""
        arena = Arena(self.folder / f"{number}", attempt.code)
        victim = Victim(arena.folder.parent / f"victim-{number}") if "victim" in attempt.code else None
        variables = {
            "canary": str(arena.folder / "canary"),
            "folder": str(arena.folder),
            "token": arena.token,
            "marker": arena.marker,
            "victim": victim.pid if victim else 0,
            "machine": socket.gethostname(),
            "numbers": NUMBERS,
            **self.listeners.variables(),
        }
        return Trial(attempt, arena, variables, victim)

    def judge(self, trial: Trial) -> None:
        """Write down the effects that an attempt had."""
        known = [
            trial.arena.secret,
            str(trial.arena.size),
            self.secret,
            *([trial.victim.secret] if trial.victim else []),
        ]
        seen = {
            "leak": any(secret in trial.output for secret in known),
            "change": bool(trial.arena.changed()),
            "arrival": trial.arena.token.encode() in self.listeners.received,
            "killed": trial.victim is not None and trial.victim.hit(),
            "marker": trial.arena.marker in trial.output,
            "late": trial.seconds > STILL_RUNS,
            "flood": len(trial.output) > MOST_OUTPUT,
            "controls": corpus.SHOWN in trial.attempt.flags and bool(CONTROLS.search(trial.output)),
        }
        trial.effects = [name for name, happened in seen.items() if happened]


def _numbers() -> dict[str, int]:
    column = {"x86_64": 1, "aarch64": 2}[platform.machine()]
    rows = [line.split() for line in (ROOT / "packaging/sandbox/system_calls.txt").read_text().splitlines()]
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


NUMBERS = _numbers()


def plain(trials: list[Trial], stage: Stage) -> None:
    """Run them as a careless program would: with its environment and its open files."""
    _run_cell([sys.executable, "-I", "-S", str(CELL), "plain"], trials, close_fds=False)


def locked(trials: list[Trial], stage: Stage) -> None:
    """Run them behind the lock, those that say so in a worker that the program started, watched and ended."""
    _run_cell([sys.executable, "-I", str(CELL), "locked"], [t for t in trials if corpus.ALONE not in t.attempt.flags])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_run_worker, [trial for trial in trials if corpus.ALONE in trial.attempt.flags]))


def python(trials: list[Trial], stage: Stage) -> None:
    """Run them by what runs the model's code."""
    sandbox = PythonSandbox(Path(sys.argv[3]))
    try:
        for trial in trials:
            assert sandbox.run("6 * 7").value == 42  # it is there, and works
            given = {**trial.variables, "given_token": trial.arena.token}
            code = f"import os\ntoken = given_token.encode()\n{trial.attempt.code}"
            started = time.monotonic()
            ran = sandbox.run(code, given, seconds=SLOW_SECONDS if trial.slow else SECONDS)
            trial.seconds = time.monotonic() - started if trial.slow else 0.0
            trial.output = f"{ran.output}\n{ran.value}\n{ran.error}"
    finally:
        sandbox.close()


def cage(trials: list[Trial], stage: Stage) -> None:
    """Run them where servers run. Those may start processes and use what they take, so only the host's side counts."""
    command = (sys.executable, "-I", "-S", "-c", CELL.read_text("utf-8"), "plain")
    with bubblewrap.prepared(Cage(command)) as start:
        _run_cell(start.arguments, trials, pass_fds=start.pass_fds, env={})


def _run_cell(
    command: list[str],
    trials: list[Trial],
    *,
    close_fds: bool = True,
    pass_fds: tuple[int, ...] = (),
    env: dict[str, str] | None = None,
) -> None:
    jobs = [
        {
            "name": trial.attempt.name,
            "code": trial.attempt.code,
            "variables": trial.variables,
            "seconds": STILL_RUNS if trial.slow else SECONDS,
            "slow": trial.slow,
        }
        for trial in trials
    ]
    ran = subprocess.run(
        command,
        input=json.dumps(jobs).encode(),
        stdout=subprocess.PIPE,
        close_fds=close_fds,
        pass_fds=pass_fds,
        env=env,
        check=True,
    )
    results = json.loads(ran.stdout)
    for trial in trials:
        result = results[trial.attempt.name]
        trial.output = result["output"]
        trial.seconds = STILL_RUNS + 1 if trial.slow and result["killed"] else 0.0


def _run_worker(trial: Trial) -> None:
    imported = re.findall(r"\bimport ([\w., ]+)", trial.attempt.code)
    worker = Worker(
        "attempt_worker", arguments=" ".join(imported).replace(",", " ").split(), memory_mb=documents._RESIDENT_MB
    )
    try:
        worker.ready()
        started = time.monotonic()
        seconds = SLOW_SECONDS if trial.slow else SECONDS
        try:
            answer = worker.call({"code": trial.attempt.code, "variables": trial.variables}, seconds)
            trial.output = str(answer["output"])
        except (WorkerDied, WorkerTimeout) as end:
            trial.output = str(end)
        trial.seconds = time.monotonic() - started if trial.slow else 0.0
    finally:
        worker.close()


def _worker_command(module: str, arguments: tuple[str, ...] = ()) -> list[str]:
    """Return how the program starts a worker, for a module that is no part of the program."""
    code = f"import runpy, sys; sys.path.insert(0, {str(HERE)!r}); runpy.run_module({module!r}, run_name='__main__')"
    return [sys.executable, "-I", "-c", code, *arguments]


CONFIGURATIONS: dict[str, Callable[[list[Trial], Stage], None]] = {
    "plain": plain,
    "locked": locked,
    "python": python,
    "cage": cage,
}


def chosen(configuration: str) -> list[Attempt]:
    """Return the attempts that make sense under a configuration."""
    left_out = {
        "plain": {corpus.NEVER_FREE},
        "locked": {corpus.SHOWN},
        "python": set(),
        "cage": {corpus.SHOWN, corpus.SLOW, corpus.NEVER_FREE},
    }[configuration]
    kept = [attempt for attempt in corpus.attempts() if not attempt.flags & left_out]
    return [one for one in kept if configuration != "cage" or one.family != "resources"]


@contextlib.contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Set the stage: listeners, and in this very process a secret in the environment, a home and an open file."""
    secret = secrets.token_hex(12)
    home = folder / "home"
    home.mkdir()
    (home / "profile.json").write_text(secret)
    os.environ.update({"DESKTOP_AGENT_HOME": str(home), "HOME": str(home), "PROGRAMS_SECRET": secret})
    left_open = os.open(home / "profile.json", os.O_RDONLY)
    os.set_inheritable(left_open, True)
    with tempfile.TemporaryDirectory(dir="/tmp") as sockets:  # a socket's path must be short
        listeners = Listeners(Path(sockets) / "s")
        try:
            yield Stage(folder, listeners, secret)
        finally:
            listeners.close()
            os.close(left_open)


def main(configuration: str, folder: Path) -> dict[str, list[str]]:
    """Return the effects of every attempt by its name."""
    process.command = _worker_command  # type: ignore[assignment]
    with staged(folder) as stage:
        trials = [stage.trial(attempt, number) for number, attempt in enumerate(chosen(configuration))]
        try:
            CONFIGURATIONS[configuration](trials, stage)
            time.sleep(LATE_SECONDS)  # what was left behind may still act
            for trial in trials:
                stage.judge(trial)
        finally:
            for trial in trials:
                if trial.victim:
                    trial.victim.close()
    return {trial.attempt.name: trial.effects for trial in trials}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
