"""Somebody ends the program the hard way while vectors are written, copied and removed."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from desktop_agent.memory.dense import Dense
from desktop_agent.memory.local import LocalPlace
from tests.helpers.indexed import Scatter, Turns

KILLS = 50
WRITER = """
import os, sys, threading, time
from pathlib import Path
import chromadb, chromadb.api.rust, numpy
from desktop_agent.memory.dense import Dense
from desktop_agent.memory.local import LocalPlace
from tests.helpers.indexed import Scatter, Turns

def write(folder, count):
    turns, idle = Turns(count), threading.Event()
    idle.set()
    index = Dense.open(LocalPlace(folder), Scatter(), turns, idle, lambda sentence: None)
    os.write(1, b"open\\n")
    index.reconcile()
    if index.drain(60):
        even = index._serving.index.ids() == turns.ids() and index.state().indexed == count
        os.write(2, b"even\\n" if even else b"odd\\n")
    for number in range(1_000_000):
        index.queue([turns.say(f"said {count} {number}")])
        if number % 10 == 9:
            index.remove(turns.gone(list(turns.ids())[:2]), thoroughly=number % 100 == 99)
        time.sleep(0.002)

for line in sys.stdin:  # modules are loaded once; no thread runs before the fork
    child = os.fork()
    if not child:
        write(Path(sys.argv[1]), int(line))
    os.write(1, f"{child}\\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"dead\\n")
"""


def test_fifty_kills_leave_an_index_that_follows_its_turns(tmp_path: Path) -> None:
    dice = random.Random(3)  # noqa: S311 -- no secret
    for _ in killed(tmp_path / "index", [dice.randrange(1000, 1200) for _ in range(KILLS)]):
        threading.Event().wait(dice.uniform(0, 0.6))
    turns, idle, reports = Turns(1100), threading.Event(), list[str]()
    idle.set()
    dense = Dense.open(LocalPlace(tmp_path / "index"), Scatter(), turns, idle, reports.append)
    try:
        dense.reconcile()
        assert dense.drain(60)
        index = dense._serving.index
        assert index is not None
        assert index.ids() == turns.ids()
        assert index.count() == dense.state().indexed == 1100
        for turn in turns.get(turns.ids()):
            assert dense.search(turn.text, 1)["other"][0][0] == turn.id
        assert len(list((tmp_path / "index").iterdir())) == 1
    finally:
        dense.close()


def killed(folder: Path, counts: list[int]) -> Iterator[None]:
    """Yield when a program has the index open; kill it when that returns."""
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", WRITER, str(folder)]
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as writers:
        assert writers.stdin
        assert writers.stdout
        assert writers.stderr
        for count in counts:
            writers.stdin.write(f"{count}\n")
            writers.stdin.flush()
            said = {writers.stdout.readline().strip(), writers.stdout.readline().strip()}
            assert "open" in said
            yield
            os.kill(int(said.difference({"open"}).pop()), signal.SIGKILL)
            assert writers.stdout.readline() == "dead\n"
        writers.stdin.close()
        assert set(writers.stderr.read().split()) == {"even"}, "those that lived long enough found the right ids"
