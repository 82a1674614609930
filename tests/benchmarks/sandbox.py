"""How long one piece of code takes in the sandbox, side by side with Python started for it.

    python tests/benchmarks/sandbox.py [--runs 200] [--json FILE]

Each piece runs in turn in the sandbox, whose process is warm, and as `python -I -c`. Round trips in milliseconds, from
the request to the answer. The bound of issue 5: a median of at most 10 ms for the sandbox; the status says whether.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.sandbox.python import PythonSandbox
from tests.helpers.bench import percentile

BOUND = 10.0
PIECES = {
    "print": "print(1 + 1)",
    "typical": "import json, statistics\ndata = list(range(100))\nprint(json.dumps({'mean': statistics.mean(data)}))",
    "table": "show_table([[n, n * n] for n in range(50)], ['n', 'square'])",
    "loop": "total = 0\nfor n in range(1_000_000): total += n\nprint(total)",
}
SHOWN = "show_table = lambda *_: None\n"
"""What the sandbox has and Python has not."""


def main() -> int:
    """Measure, print and keep; return 1 when the bound is not kept."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=200, help="of each piece; a tenth for the long one")
    options.add_argument("--json", type=Path, help="where the figures go")
    chosen = options.parse_args()
    sandbox = PythonSandbox(Paths.from_environment().python_sandbox)
    try:
        figures = measure(sandbox, chosen.runs)
    except UserFacingError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        sandbox.close()
    show(figures)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return 0 if figures["typical"]["sandbox"]["median"] <= BOUND else 1


def measure(sandbox: PythonSandbox, runs: int) -> dict[str, dict[str, dict[str, float]]]:
    """Return median, p95 and least milliseconds, by piece and by where it ran."""
    start = timed(lambda: sandbox.run(""))
    figures = {"start": {"sandbox": summary([start])}}
    for name, code in PIECES.items():
        inside, outside = [], []
        for _ in range(max(5, runs // 10 if name == "loop" else runs)):
            inside.append(timed(lambda code=code: check(sandbox.run(code).ok)))
            outside.append(timed(lambda code=code: plainly(SHOWN + code)))
        figures[name] = {"sandbox": summary(inside), "python": summary(outside)}
    return figures


def plainly(code: str) -> None:
    """Run code as a process of its own."""
    subprocess.run([sys.executable, "-I", "-c", code], check=True, stdout=subprocess.DEVNULL)


def check(ok: bool) -> None:
    """A failing run is no measurement."""
    assert ok


def timed(work: Callable[[], object]) -> float:
    """Return the milliseconds that a call takes."""
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def summary(times: list[float]) -> dict[str, float]:
    """Return what is told of some times."""
    named = {"median": percentile(times, 50), "p95": percentile(times, 95), "least": min(times)}
    return {**{name: round(value, 2) for name, value in named.items()}, "runs": len(times)}


def show(figures: dict[str, dict[str, dict[str, float]]]) -> None:
    """Print a table."""
    print(f"{'milliseconds':<10}{'median':>10}{'p95':>10}{'least':>10}")
    for name, places in figures.items():
        for place, each in places.items():
            print(f"{name:<8} {place:<8}" + "".join(f"{each[key]:>8.1f}  " for key in ("median", "p95", "least")))


if __name__ == "__main__":
    sys.exit(main())
