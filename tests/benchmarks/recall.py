"""LoCoMo through the program's own memory: chats written, questions ranked, recall of the evidence.

    python tests/benchmarks/recall.py --data dev.json --out ranks.jsonl [--no-embedder]

Each sample gets a fresh home: a real encrypted database, each session a chat with its dates and speakers, captions of
photos in the text, and Chroma with the catalogue's embedder. The ranks have one JSON object a line, twenty ids in each,
best first: {"sample_id": "conv-26", "question": 0, "ranked": ["D1:3", …]}. Data: snap-research/LoCoMo, CC BY-NC 4.0.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from desktop_agent.errors import UserFacingError
from desktop_agent.memory.protocols import Embedder
from desktop_agent.messages import RecallQuery
from tests.helpers.bench import catalogue_embedder, percentile
from tests.helpers.remembering import Remembering, Said

KINDS = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop", 5: "adversarial"}
RANKED = 20
USAGE = "recall.py needs LoCoMo's file: python tests/benchmarks/recall.py --data dev.json --out ranks.jsonl"


def main() -> int:
    """Rank all questions, write the ranks and print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="LoCoMo's file")
    options.add_argument("--out", type=Path, help="where the ranks go")
    options.add_argument("--no-embedder", action="store_true", help="go by words alone")
    chosen = options.parse_args()
    if not chosen.data:
        print(USAGE)
        return 0
    try:
        samples = json.loads(chosen.data.read_text(encoding="utf-8"))
        with ExitStack() as stack:
            embedder = None if chosen.no_embedder else stack.enter_context(catalogue_embedder())
            lines = [line for sample in samples for line in ranks(sample, embedder)]
    except (UserFacingError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if chosen.out:
        chosen.out.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    print_figures(samples, lines)
    return 0


def ranks(sample: dict[str, Any], embedder: Embedder | None) -> list[dict[str, Any]]:
    """Return the lines of one sample."""
    last = max(when for when, _ in sessions(sample))
    with (
        tempfile.TemporaryDirectory() as home,
        Remembering(Path(home), embedder, lambda: last + timedelta(days=1)) as place,
    ):
        started = time.perf_counter()
        names = tell(sample, place)
        place.settle()
        told = time.perf_counter() - started
        lines, times = [], []
        for number, qa in enumerate(sample["qa"]):
            started = time.perf_counter()
            hits = place.memory.rank(RecallQuery(qa["question"]))
            times.append(time.perf_counter() - started)
            ranked = [names[hit.turn_id] for hit in hits[:RANKED]]
            lines.append({"sample_id": sample["sample_id"], "question": number, "ranked": ranked})
    middle, late = (1000 * percentile(times, share) for share in (50, 95))
    asked = f"{len(times)} questions, {middle:.1f} ms each (p95 {late:.1f})"
    print(f"{sample['sample_id']}: {len(names)} turns in {told:.1f} s, {asked}", flush=True)
    return lines


def tell(sample: dict[str, Any], place: Remembering) -> dict[str, str]:
    """Write all sessions, each as a chat; return LoCoMo's turn ids by the program's."""
    first = sample["conversation"]["speaker_a"]
    names: dict[str, str] = {}
    for when, turns in sessions(sample):
        said = [
            Said(
                spoken(turn),
                "user" if turn["speaker"] == first else "assistant",
                turn["speaker"],
                (when + timedelta(seconds=at)).isoformat(),
            )
            for at, turn in enumerate(turns)
        ]
        names.update(zip(place.tell(said), (turn["dia_id"] for turn in turns), strict=True))
    return names


def sessions(sample: dict[str, Any]) -> Iterator[tuple[datetime, list[dict[str, Any]]]]:
    """Yield each session's local time and turns, in order."""
    conversation = sample["conversation"]
    names = [name for name in conversation if re.fullmatch(r"session_\d+", name) and conversation[name]]
    for name in sorted(names, key=lambda name: int(name.removeprefix("session_"))):
        when = datetime.strptime(conversation[f"{name}_date_time"], "%I:%M %p on %d %B, %Y")
        yield when.astimezone(), conversation[name]


def spoken(turn: dict[str, Any]) -> str:
    """Return a turn's words, with the caption of its photo."""
    caption = turn.get("blip_caption")
    return f"{turn['text']} [photo: {caption}]" if caption else turn["text"]


def print_figures(samples: list[dict[str, Any]], lines: list[dict[str, Any]]) -> None:
    """Print recall@5 and @10: the share of a question's evidence among so many turns, mean over questions with any."""
    ranked = {(line["sample_id"], line["question"]): line["ranked"] for line in lines}
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for sample in samples:
        turns = {turn["dia_id"] for _, session in sessions(sample) for turn in session}
        for number, qa in enumerate(sample["qa"]):
            evidence = {id_ for item in qa.get("evidence", []) for id_ in re.findall(r"D\d+:\d+", item)} & turns
            if evidence:
                best = ranked[sample["sample_id"], number]
                shares = tuple(len(evidence.intersection(best[:count])) / len(evidence) for count in (5, 10))
                found[KINDS[qa["category"]]].append((shares[0], shares[1]))
                found["all"].append((shares[0], shares[1]))
    for kind in (*KINDS.values(), "all"):
        if shares_of_kind := found[kind]:
            at5, at10 = (100 * sum(column) / len(shares_of_kind) for column in zip(*shares_of_kind, strict=True))
            print(f"{kind:12s} n={len(shares_of_kind):5d}  recall@5 {at5:5.1f}  recall@10 {at10:5.1f}")


if __name__ == "__main__":
    sys.exit(main())
