"""How memory grows: writing, recall, memory, disk, start-up and rebuilding with 1,000, 10,000 or 100,000 turns.

    python tests/benchmarks/memory_scale.py [--sizes 1000,10000] [--questions 200] [--real] [--json FILE]

Each size gets a fresh home, and each stage a process of its own, so that its memory is its own too. What is real: the
encrypted database, every append, Chroma, the embedder that a question goes through. What is not: the texts (seeded
words by Zipf's law about 300 topics, a tenth of them Chinese) and, without --real, the vectors of turns (their topic's
real vector with noise), since embedding 100,000 turns takes twenty minutes and more. Ratios are to a bare Chroma query
for as many neighbours in the larger collection, and to a bare FTS5 query for the same words, alternating with recall.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

sys.path.insert(0, str(Path(__file__).parents[2]))

from desktop_agent.errors import UserFacingError
from desktop_agent.lexical import terms
from desktop_agent.memory.dense import Dense
from desktop_agent.memory.index import VectorIndex
from desktop_agent.memory.local import LocalPlace
from desktop_agent.memory.protocols import Embedder
from desktop_agent.memory.recall import Memory
from desktop_agent.messages import Message, RecallQuery
from desktop_agent.storage.database import Database
from desktop_agent.storage.store import Store
from tests.helpers.bench import catalogue_embedder, percentile
from tests.helpers.chatter import Chatter, Talk

CHAT = 40
CANDIDATES = 200
SAMPLE = 64
WARM_UP = 5
HOUR = 3600.0
Figures = dict[str, float]


@dataclass(frozen=True)
class Plan:
    """What one process is to do."""

    stage: Literal["write", "index", "recall"]
    home: Path
    size: int
    questions: int
    real: bool


class Noisy:
    """An Embedder that gives turns their topic's vector with noise; all else goes to the real one."""

    def __init__(self, real: Embedder, topics: dict[str, int], chatter: Chatter) -> None:
        import numpy as np

        self.id = real.id
        self._real = real
        self._topics = topics
        self._chatter = chatter
        self._noise = np.random.default_rng(0)
        self._known: dict[int, Any] = {}

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
        """Return vectors of length 1."""
        topics = [self._topics.get(text.partition(": ")[2]) for text in texts]
        if None in topics:
            return self._real.embed(texts, kind)
        return [self._near(topic) for topic in topics if topic is not None]

    def close(self) -> None:
        """Leave the real one to its owner."""

    def _near(self, topic: int) -> list[float]:
        if topic not in self._known:
            (self._known[topic],) = self._real.embed([self._chatter.topic(topic)], "passage")
        moved = self._known[topic] + self._noise.normal(scale=0.02, size=len(self._known[topic]))
        return [float(value) for value in moved / (moved @ moved) ** 0.5]


def main() -> int:
    """Measure all sizes, or one stage in a process of its own."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", default="1000,10000", help="numbers of turns")
    options.add_argument("--questions", type=int, default=200, help="how often memory is asked")
    options.add_argument("--real", action="store_true", help="embed every turn")
    options.add_argument("--json", type=Path, help="where the figures go")
    options.add_argument("--plan", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.plan:
        plan = json.loads(chosen.plan)
        stage(Plan(**{**plan, "home": Path(plan["home"])}))
        return 0
    print(
        f"Texts are synthetic; vectors of turns are {'real' if chosen.real else 'synthetic, those of questions real'}."
    )
    found = []
    for size in map(int, chosen.sizes.split(",")):
        try:
            found.append({"turns": size, "real_vectors": chosen.real, **measured(size, chosen.questions, chosen.real)})
        except UserFacingError as error:
            print(error, file=sys.stderr)
            return 1
        print_figures(found[-1])
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


def measured(size: int, questions: int, real: bool) -> Figures:
    """Return the figures of one size."""
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as home:
        for name in ("write", "index", "recall"):
            plan = {"stage": name, "home": home, "size": size, "questions": questions, "real": real}
            command = [sys.executable, __file__, "--plan", json.dumps(plan)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
            if done.returncode:
                raise UserFacingError(f"The stage {name!r} with {size} turns failed.")
            figures.update(json.loads(done.stdout))
    return figures


def stage(plan: Plan) -> None:
    """Do one stage, and print its figures."""
    with catalogue_embedder() as embedder, opened(plan.home) as store:
        stages: dict[str, Callable[[Plan, Embedder, Store], Figures]] = {
            "write": write,
            "index": index,
            "recall": recall,
        }
        print(json.dumps(stages[plan.stage](plan, embedder, store)))


@contextmanager
def opened(home: Path) -> Iterator[Store]:
    """Open the database of a home."""
    store = Store(Database.open(home / "desktop-agent.db", bytes(32)))
    try:
        yield store
    finally:
        store.database.close()


def write(plan: Plan, _embedder: Embedder, store: Store) -> Figures:
    """Append all turns, each with its rows for looking up, synced to the disk one by one."""
    talks, chat = list(said(plan.size)), ""
    start = time.perf_counter()
    for number, talk in enumerate(talks):
        if number % CHAT == 0:
            chat = store.conversations.create(f"Chat {number // CHAT}").id
        store.transcript.append(chat, Message("assistant" if number % 2 else "user", talk.text))
    return {"write_turns_per_s": plan.size / (time.perf_counter() - start)}


def index(plan: Plan, embedder: Embedder, store: Store) -> Figures:
    """Build the index from nothing."""
    sample = [f"User: {talk.text}" for talk in said(SAMPLE)]
    start = time.perf_counter()
    for text in sample:
        embedder.embed([text], "passage")
    embedding = (time.perf_counter() - start) / SAMPLE
    topics = {talk.text: talk.topic for talk in said(plan.size)}
    with dense(plan, embedder if plan.real else Noisy(embedder, topics, Chatter()), store) as built:
        start = time.perf_counter()
        built.reconcile()
        settle(built)
        each = (time.perf_counter() - start) / plan.size
    whole = each if plan.real else each + embedding
    rates = {"embed_turns_per_s": 1 / embedding, "fill_turns_per_s": 1 / each, "rebuild_turns_per_s": 1 / whole}
    return {
        **rates,
        "database_mb": size_of(plan.home, "desktop-agent.db*"),
        "index_mb": size_of(plan.home, "index/**/*"),
    }


def recall(plan: Plan, embedder: Embedder, store: Store) -> Figures:
    """Start, ask, and forget."""
    figures: Figures = {"embedder_mb": resident("VmRSS")}
    chatter = Chatter(seed=1)
    picked = list(said(plan.size))[:: max(1, plan.size // (plan.questions + WARM_UP))]
    questions = [chatter.question(talk) for talk in picked[: plan.questions + WARM_UP]]
    start = time.perf_counter()
    with dense(plan, embedder, store) as found:
        memory = Memory(store.turns, found, store.saved, store.dismissals)
        figures["open_ms"] = passed(start)
        memory.rank(RecallQuery(questions[0]))
        figures["first_recall_ms"] = passed(start) - figures["open_ms"]
        figures |= asked(memory, found, embedder, store, questions)
        figures |= {"recalling_mb": resident("VmRSS"), "peak_mb": resident("VmHWM")}
        start = time.perf_counter()
        found.remove(sorted(store.turns.ids())[:1])
        settle(found)
        figures["forget_s"] = time.perf_counter() - start
    return figures


def asked(memory: Memory, found: Dense, embedder: Embedder, store: Store, questions: list[str]) -> Figures:
    """Return how long recall, the bare queries and the embedding of a question take, in milliseconds."""
    times: dict[str, list[float]] = {"recall": [], "chroma": [], "fts": [], "embedding": []}
    part = larger(found)
    for number, question in enumerate(questions):
        (vector,) = embedder.embed([question], "query")
        each: dict[str, Callable[[], object]] = {
            "recall": lambda question=question: memory.rank(RecallQuery(question)),
            "chroma": lambda vector=vector: part.query([vector], n_results=CANDIDATES, include=["distances"]),
            "fts": lambda question=question: bare_fts(store, question),
            "embedding": lambda question=question: embedder.embed([question], "query"),
        }
        for name, run in each.items():
            start = time.perf_counter()
            run()
            if number >= WARM_UP:
                times[name].append(passed(start))
    return {f"{name}_p{share}_ms": percentile(taken, share) for name, taken in times.items() for share in (50, 95)}


def larger(found: Dense) -> Any:
    """Return Chroma's collection with most of the vectors."""
    serving = found._serving.index
    if not isinstance(serving, VectorIndex):
        raise UserFacingError("The index did not open.")
    return serving.parts["other"]


def bare_fts(store: Store, question: str) -> object:
    """Ask the full-text index alone."""
    words = " OR ".join(f'"{word}"' for word in terms(question)) or '"nothing"'
    return store.database.select(
        "SELECT rowid FROM turn_words WHERE turn_words MATCH ? ORDER BY bm25(turn_words) LIMIT ?", words, CANDIDATES
    )


@contextmanager
def dense(plan: Plan, embedder: Embedder, store: Store) -> Iterator[Dense]:
    """Open the index of a home."""
    idle = threading.Event()
    idle.set()
    found = Dense.open(LocalPlace(plan.home / "index"), embedder, store.turns, idle, lambda _sentence: None)
    try:
        yield found
    finally:
        found.close()


def settle(found: Dense) -> None:
    """Wait until the index has everything."""
    if not found.drain(10 * HOUR):
        raise UserFacingError(f"The index is not complete: {found.state()}")


def said(count: int) -> Iterator[Talk]:
    """Yield what is said, always the same."""
    chatter = Chatter()
    return (chatter.turn() for _ in range(count))


def passed(start: float) -> float:
    """Return milliseconds since a start."""
    return (time.perf_counter() - start) * 1000


def resident(name: str) -> float:
    """Return how much memory this process holds or held, in MB; 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), 0.0)


def size_of(home: Path, pattern: str) -> float:
    """Return the size of files in MB."""
    return sum(path.stat().st_size for path in home.glob(pattern) if path.is_file()) / 1e6


def print_figures(figures: dict[str, Any]) -> None:
    """Print one size, with the ratios."""
    get = figures.__getitem__
    print(f"\n{get('turns'):,} turns")
    print(f"  write       {get('write_turns_per_s'):8.0f} turns/s, each synced to the disk")
    print(f"  rebuild     {get('rebuild_turns_per_s'):8.0f} turns/s; embedding alone {get('embed_turns_per_s'):.0f}/s")
    print(f"  fill        {get('fill_turns_per_s'):8.0f} turns/s with the vectors as said above")
    for name in ("recall", "embedding", "chroma", "fts"):
        print(f"  {name:11} {get(f'{name}_p50_ms'):8.1f} ms p50 {get(f'{name}_p95_ms'):8.1f} ms p95")
    for name in ("chroma", "fts"):
        ratios = [get(f"recall_{share}_ms") / get(f"{name}_{share}_ms") for share in ("p50", "p95")]
        print(f"  recall is {ratios[0]:.1f} times a bare {name} query (p50), {ratios[1]:.1f} times (p95)")
    print(f"  start-up    {get('open_ms'):8.0f} ms to open, {get('first_recall_ms'):.0f} ms for the first recall")
    before = f"{get('embedder_mb'):.0f} of it before the index"
    print(f"  memory      {get('recalling_mb'):8.0f} MB, {before}; peak {get('peak_mb'):.0f} MB")
    print(f"  disk        {get('database_mb'):8.1f} MB database, {get('index_mb'):.1f} MB index")
    print(f"  forget one  {get('forget_s'):8.1f} s until no byte of its vector is left")


if __name__ == "__main__":
    sys.exit(main())
