"""XQuAD through the program's own memory: is the paragraph that answers a question found, also across languages?

    python tests/benchmarks/retrieval.py --data FOLDER [--no-embedder]

FOLDER holds XQuAD's en.json and zh.json (CC BY-SA 4.0). Every paragraph is a message in a chat of its own, in a fresh
home with a real encrypted database and Chroma with the catalogue's embedder: English, Chinese, and both together.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from desktop_agent.errors import UserFacingError
from desktop_agent.memory.protocols import Embedder
from desktop_agent.messages import RecallQuery
from tests.helpers.bench import catalogue_embedder, percentile
from tests.helpers.remembering import Remembering, Said

LANGUAGES = ("en", "zh")
RANKS = (1, 5, 10)
USAGE = "retrieval.py needs XQuAD's en.json and zh.json: python tests/benchmarks/retrieval.py --data FOLDER"


class Paragraphs(NamedTuple):
    """Texts, and questions with the number of the text that answers each."""

    texts: list[str]
    questions: list[tuple[int, str]]


def main() -> int:
    """Print recall in all four directions, and from a mixed store."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="the folder with en.json and zh.json")
    options.add_argument("--no-embedder", action="store_true", help="go by words alone")
    chosen = options.parse_args()
    if not chosen.data:
        print(USAGE)
        return 0
    try:
        data = {language: read(chosen.data / f"{language}.json") for language in LANGUAGES}
        with ExitStack() as stack:
            measure(data, None if chosen.no_embedder else stack.enter_context(catalogue_embedder()))
    except (UserFacingError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def read(path: Path) -> Paragraphs:
    """Return what is in a file of SQuAD's form."""
    texts: list[str] = []
    questions: list[tuple[int, str]] = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            questions += [(len(texts), qa["question"]) for qa in paragraph["qas"]]
            texts.append(paragraph["context"])
    return Paragraphs(texts, questions)


def measure(data: dict[str, Paragraphs], embedder: Embedder | None) -> None:
    """Print all figures."""
    for stored in (("en",), ("zh",), LANGUAGES):
        with tempfile.TemporaryDirectory() as home, Remembering(Path(home), embedder) as place:
            ids = {language: tell(data[language], place) for language in stored}
            place.settle()
            for asked in LANGUAGES:
                found, times = ranks(data[asked], place)
                middle = 1000 * percentile(times, 50)
                for language in stored:
                    name = f"{asked}->{language}{' (both stored)' if len(stored) > 1 else ''}"
                    print(f"{name:22s} {shares(data[asked], found, ids[language])}  {middle:.1f} ms", flush=True)


def tell(paragraphs: Paragraphs, place: Remembering) -> list[str]:
    """Keep every paragraph as a chat and return the ids of their messages."""
    return [id_ for text in paragraphs.texts for id_ in place.tell([Said(text)])]


def ranks(paragraphs: Paragraphs, place: Remembering) -> tuple[list[list[str]], list[float]]:
    """Return the best ids for each question, and the seconds that it took."""
    found, times = [], []
    for _, question in paragraphs.questions:
        started = time.perf_counter()
        hits = place.memory.rank(RecallQuery(question))
        times.append(time.perf_counter() - started)
        found.append([hit.turn_id for hit in hits[: max(RANKS)]])
    return found, times


def shares(paragraphs: Paragraphs, found: Sequence[Sequence[str]], ids: Sequence[str]) -> str:
    """Return recall at each rank: the share of questions whose paragraph is among so many."""
    pairs = [(best, ids[number]) for best, (number, _) in zip(found, paragraphs.questions, strict=True)]
    at = {rank: 100 * sum(id_ in best[:rank] for best, id_ in pairs) / len(pairs) for rank in RANKS}
    return "  ".join(f"recall@{rank} {share:5.1f}" for rank, share in at.items())


if __name__ == "__main__":
    sys.exit(main())
