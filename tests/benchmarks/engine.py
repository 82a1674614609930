"""The engine beside its peers: the same file, the same texts, one run, in turns.

    python tests/benchmarks/engine.py [--model FILE | --synthetic-7b] [--rounds 3] [--rows a,b] [--peers a,b]
                                      [--json FILE]

Peers are llama-bench and llama-server from the llama.cpp inside our llama-cpp-python, that package's own `Llama`,
gpt4all, and node-llama-cpp where Node.js is installed. They are built or fetched once, into the user's cache folder or
DESKTOP_AGENT_BENCH_CACHE. Each task of each engine runs in a process of its own, and each round takes every engine once
before the next round begins: ours, llama-bench, llama-server, ... ours, llama-bench, ...

What the rows mean:

- `prefill` and `decode`: ours in the running program, journal and events included, by the clock on the wall, a document
  of 1,500 tokens behind a head of 1,500; llama-bench with the same settings, number of tokens and depth. Others: the
  first turn of a chat with that head.
- `prefill_default`: llama-bench with llama.cpp's own defaults, beside our tuned settings.
- `ttft_*`: from sending a message to its first token, in chats with a head of 1,500 tokens. Snapshots are ours alone;
  the row shows for others what they do without: the same as cold.
- `turn2_new_tokens_only`: ours by the engine's own clock, llama-bench for as many tokens at that depth.
- `stop_ms`: Stop at several moments of a prefill, the slowest. Engines without a stop end at their first token.
- `copy_*`: a request of which 60 % are to be repeated, at temperature 0; ours tuned with guessing ahead wanted.

Other engines have their own defaults, a context of 4,096 tokens and, where they have no default, as many threads as we.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.weights import default_threads
from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.library import Library
from desktop_agent.paths import Paths
from tests.helpers import synthetic_gguf
from tests.helpers.engine_bench import builds, workload
from tests.helpers.engine_bench.builds import PeerMissing
from tests.helpers.engine_bench.figures import OURS, ROWS, Figures, table, targets
from tests.helpers.engine_bench.peers import PEERS, PeerFailed

TASKS = {
    "chats": (
        "load",
        "prefill",
        "decode",
        "ttft_new_chat_cold",
        "ttft_new_chat_snapshot",
        "ttft_turn2",
        "turn2_new_tokens_only",
        "ttft_return",
        "ttft_return_ahead",
        "ttft_edit",
        "rss_mb",
    ),
    "snapshot": ("ttft_new_chat_snapshot", "ttft_new_chat_ahead"),
    "read_again": ("ttft_return_read_again",),
    "speed": ("prefill", "prefill_default", "decode"),
    "stop": ("stop_ms",),
    "copy": ("copy_drafting_on", "copy_drafting_off"),
}
"""What each task measures, in the order in which a round goes through them: a snapshot needs the chat before it."""
SYNTHETIC = "qwen2.5-7b-shape-q4_k_m.gguf"
ELSEWHERE = {
    ("chats", OURS): TASKS["speed"],
    ("chats", "llama-bench"): set(TASKS["chats"]) - {"turn2_new_tokens_only"},
}
"""Rows of a task that an engine does not measure there: only ours and llama-bench have a task for speed alone."""


@dataclass
class Run:
    """One run of the benchmark: what was asked for, what was found, and what could not be."""

    model: Path
    rows: frozenset[str]
    peers: tuple[str, ...]
    home: Path
    name: str = ""
    plan: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    tuning: list[str] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)
    missing: dict[str, str] = field(default_factory=dict)
    plainly: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def main() -> int:
    """Measure, print the table and the targets, write the figures."""
    chosen = options().parse_args()
    try:
        model = synthetic() if chosen.synthetic_7b else find(chosen.model)
        rows = frozenset(known(chosen.rows, ROWS)) - (set(TASKS["copy"]) if chosen.synthetic_7b else set())
        with tempfile.TemporaryDirectory() as home:
            run = Run(model, rows, (OURS, *known(chosen.peers, [name for name in PEERS if name != OURS])), Path(home))
            prepare(run)
            for number in range(chosen.rounds):
                measure(run, number)
    except (UserFacingError, PeerFailed) as error:
        print(error, file=sys.stderr)
        return 1
    report(run)
    if chosen.json:
        chosen.json.write_text(json.dumps(as_json(run, chosen.rounds), indent=2) + "\n", encoding="utf-8")
    return 0


def options() -> argparse.ArgumentParser:
    """Return what the command line takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="starter", help="a GGUF file, or a name from the catalogue")
    parser.add_argument("--synthetic-7b", action="store_true", help="write and use a file of Qwen2.5-7B's shape")
    parser.add_argument("--rounds", type=int, default=3, help="how often the engines take turns")
    parser.add_argument("--rows", default="", help="measure only what these rows need")
    parser.add_argument("--peers", default="", help="measure only these beside ours; 'none' for ours alone")
    parser.add_argument("--json", type=Path, help="where the figures go")
    return parser


def known(asked: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that were asked for, all of them when none was. Raises UserFacingError for an unknown one."""
    everything = tuple(names)
    wanted = tuple(filter(None, asked.split(",")))
    if wanted == ("none",):
        return ()
    for name in wanted:
        if name not in everything:
            raise UserFacingError(f"There is nothing called {name}.", f"Choose from: {', '.join(everything)}.")
    return wanted or everything


def find(name: str) -> Path:
    """Return a model's file. Raises UserFacingError when it is not here."""
    return Library(Paths.from_environment().models, Catalogue.load()).find(name, role="chat").absolute()


def synthetic() -> Path:
    """Return the file of Qwen2.5-7B's shape, written when it is not in the cache yet."""
    return synthetic_gguf.write(builds.cache() / SYNTHETIC, find("starter"))


def prepare(run: Run) -> None:
    """Tune our engine, and make texts of the right lengths. Raises PeerFailed: without ours there is nothing."""
    say(f"{run.model.name}: tuning, and counting tokens ...")
    run.plan = {"model": str(run.model), "threads": default_threads(), "texts": workload.as_plan()}
    found = PEERS[OURS].run({**run.plan, "task": "prepare", "round": 0, "work": {"persona": ""}}, run.home)
    run.name, run.settings, run.tuning = found["name"], found["settings"], found["tuning"]
    run.plan |= {"work": found["work"], "settings": run.settings}
    if "file_plus_kv_mb" in run.rows:
        run.figures.add(OURS, {"file_plus_kv_mb": found["file_plus_kv_mb"]})
        for peer in run.peers[1:]:
            if peer != "llama-bench":
                run.figures.add(peer, {"file_plus_kv_mb": found["file_plus_f16_mb"]})


def measure(run: Run, number: int) -> None:
    """Let all engines do all tasks once, one engine after the other in each task."""
    for task, peer in turns(run.rows, run.peers):
        if f"{peer}: {task}" in run.missing:
            continue
        say(f"round {number + 1}: {task}: {peer} ...")
        plan = {**run.plan, "task": task, "round": number, "counts": run.counts}
        plan["stop_at"] = workload.stop_at(number)
        try:
            found = carried_out(run, peer, plan)
        except (PeerFailed, PeerMissing) as error:
            run.missing[f"{peer}: {task}"] = str(error)
            say(f"{peer} cannot do this: {error}")
            continue
        take(run, task, peer, found)


def carried_out(run: Run, peer: str, plan: dict[str, Any]) -> dict[str, Any]:
    """Return what a peer measured, without its defaults where these crash. Raises PeerFailed, PeerMissing."""
    try:
        return PEERS[peer].run({**plan, "repack": peer not in run.plainly}, run.home)
    except PeerFailed as error:
        if peer in run.plainly or not PEERS[peer].can_do_plainly:
            raise
        found = PEERS[peer].run({**plan, "repack": False}, run.home)
        run.plainly.add(peer)
        run.notes.append(f"{peer} without repacked weights, since its defaults fail: {error}")
        return found


def turns(rows: frozenset[str], peers: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the tasks that these rows need, each with every engine that can do it."""
    for task, measured in TASKS.items():
        for peer in peers:
            if task in PEERS[peer].tasks and rows & set(measured) - set(ELSEWHERE.get((task, peer), ())):
                yield task, peer


def take(run: Run, task: str, peer: str, found: dict[str, Any]) -> None:
    """Keep the figures of the wanted rows, and what was said beside them."""
    run.counts |= found.pop("counts", {})
    run.notes += [note for note in found.pop("notes", []) if note not in run.notes]
    if task == "snapshot":
        found.pop("load")  # counted where all engines load
    if task == "chats" and "speed" not in PEERS[peer].tasks:
        found["ttft_new_chat_snapshot"] = found["ttft_new_chat_cold"]
        found["prefill_default"] = found["prefill"]
    run.figures.add(peer, {row: value for row, value in found.items() if row in run.rows})


def report(run: Run) -> None:
    """Print what was found."""
    print(f"\n{run.name} ({run.model.name}), our settings: {run.settings}")
    print(*run.tuning, sep="\n", end="\n\n")
    print(table(run.figures, run.peers))
    print("\nMedians of the rounds [lowest-highest], x: divided by ours. stop_ms: the slowest of all.")
    print(f"Counts: {run.counts}\n")
    for target in targets(run.figures):
        print(target.line())
    for note in run.notes:
        print(f"note: {note}")
    for what, why in run.missing.items():
        print(f"not measured: {what}: {why}")


def as_json(run: Run, rounds: int) -> dict[str, Any]:
    """Return the figures in the form that the issue wants, with what else is needed to read them."""
    return {
        "model": run.model.name,
        "rounds": rounds,
        "settings": run.settings,
        "tuning": run.tuning,
        "counts": run.counts,
        "rows": run.figures.to_json(),
        "targets": [{"text": it.text, "value": it.value, "met": it.is_met} for it in targets(run.figures)],
        "missing": run.missing,
        "notes": run.notes,
    }


def say(text: str) -> None:
    """Tell what is going on."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
