"""What was measured: rows, medians with their spread, and the issue's targets. Pure values; measures nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal

OURS = "ours"


@dataclass(frozen=True)
class Row:
    """One thing that is measured: its unit, and whether the middle or the worst of its values stands for it."""

    unit: str
    says: str
    stands: Literal["median", "worst"] = "median"


ROWS = {
    "load": Row("s", "model file, in the page cache, to ready"),
    "prefill": Row("tokens/s", "reading, our tuned settings in llama-bench"),
    "prefill_default": Row("tokens/s", "reading, llama.cpp's defaults in llama-bench"),
    "decode": Row("tokens/s", "writing behind 1,500 tokens and more"),
    "ttft_new_chat_cold": Row("s", "first token, 1,500-token head never read before"),
    "ttft_new_chat_snapshot": Row("s", "the same, head in a snapshot of an earlier start"),
    "ttft_turn2": Row("s", "first token of a chat's second turn"),
    "turn2_new_tokens_only": Row("s", "reading the new tokens of that turn, nothing else"),
    "ttft_new_chat_ahead": Row("s", "the same when the question was read while it was typed, as in the window"),
    "ttft_return": Row("s", "first token in a chat of 2,000 tokens after another chat"),
    "ttft_return_ahead": Row("s", "the same when the question was read while it was typed, as in the window"),
    "ttft_return_read_again": Row("s", "the same when the chat must be read again"),
    "ttft_edit": Row("s", "first token after editing an old message"),
    "rss_mb": Row("MB", "resident after a turn, context of 4,096"),
    "file_plus_kv_mb": Row("MB", "model file and KV cache of 4,096 tokens"),
    "stop_ms": Row("ms", "Stop while a prompt is read, until all is still", "worst"),
    "copy_drafting_on": Row("tokens/s", "an answer that repeats its prompt, with drafting"),
    "copy_drafting_off": Row("tokens/s", "the same without"),
}

Found = Mapping[str, float | list[float]]
"""What one child measured: for each row one value, or several."""


@dataclass
class Figures:
    """The values of all rounds, in the order of the rounds: row, peer, values."""

    values: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, peer: str, found: Found) -> None:
        """Take what a peer measured in one round."""
        for row, value in found.items():
            several = value if isinstance(value, list) else [value]
            if several:
                self.values.setdefault(row, {}).setdefault(peer, []).extend(several)

    def value(self, row: str, peer: str = OURS) -> float | None:
        """Return the figure that stands for a row, None when it was not measured."""
        values = self.values.get(row, {}).get(peer)
        if not values:
            return None
        return max(values) if ROWS[row].stands == "worst" else median(values)

    def ratio(self, over: tuple[str, str], under: tuple[str, str]) -> float | None:
        """Return one (row, peer) divided by another: the median of the rounds' ratios, as the machine drifts."""
        above, below = (self.values.get(row, {}).get(peer, []) for row, peer in (over, under))
        if len(above) == len(below) and above:
            return median(one / other for one, other in zip(above, below, strict=True))
        upper, lower = self.value(*over), self.value(*under)
        return upper / lower if upper is not None and lower else None

    def peers(self) -> set[str]:
        """Return who was measured."""
        return {peer for values in self.values.values() for peer in values}

    def to_json(self) -> dict[str, dict[str, Any]]:
        """Return the rows as the issue wants them."""
        return {row: self._cells(row) for row in ROWS if row in self.values}

    def _cells(self, row: str) -> dict[str, Any]:
        measured = self.values[row]
        cells: dict[str, Any] = {"unit": ROWS[row].unit}
        cells |= {peer: _rounded(self.value(row, peer)) for peer in measured}
        cells["spread"] = {peer: [_rounded(min(it)), _rounded(max(it))] for peer, it in measured.items()}
        if ROWS[row].stands == "worst":
            cells["median"] = {peer: _rounded(median(it)) for peer, it in measured.items()}
        return cells


@dataclass(frozen=True)
class Target:
    """What the issue wants: `value` must be at least or at most `bound`; None when it was not measured."""

    text: str
    value: float | None
    bound: float
    at_least: bool

    @property
    def is_met(self) -> bool | None:
        """Tell whether it is reached; None when that is not known."""
        if self.value is None:
            return None
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def line(self) -> str:
        """Return it as one line of text."""
        verdict = {True: "met", False: "MISSED", None: "not measured"}[self.is_met]
        wanted = f"{'at least' if self.at_least else 'at most'} {self.bound:g}"
        found = "" if self.value is None else f": {self.value:.3g}"
        return f"{verdict:<12} {self.text}{found} ({wanted})"


def targets(figures: Figures) -> list[Target]:
    """Return the issue's table with what was found."""

    def ratio(row: str, peer: str, other_row: str, other: str) -> float | None:
        return figures.ratio((row, peer), (other_row, other))

    bench, server = "llama-bench", "llama-server"
    return [
        Target("decode in the running agent / llama-bench", ratio("decode", OURS, "decode", bench), 0.97, True),
        Target("prefill in the running agent / llama-bench", ratio("prefill", OURS, "prefill", bench), 0.97, True),
        Target(
            "prefill after tuning / llama.cpp's defaults",
            ratio("prefill_default", OURS, "prefill_default", bench),
            1.3,
            True,
        ),
        Target(
            "new chat with snapshot, times sooner than llama-server without a warm slot",
            ratio("ttft_new_chat_snapshot", server, "ttft_new_chat_snapshot", OURS),
            20,
            True,
        ),
        Target(
            "first token of turn 2 / reading its new tokens, by our clock",
            ratio("ttft_turn2", OURS, "turn2_new_tokens_only", OURS),
            1.2,
            False,
        ),
        Target(
            "first token of turn 2 / reading its new tokens, by llama-bench",
            ratio("ttft_turn2", OURS, "turn2_new_tokens_only", bench),
            1.2,
            False,
        ),
        Target(
            "return to a chat of 2,000 tokens, times sooner than reading it again",
            ratio("ttft_return_read_again", OURS, "ttft_return", OURS),
            50,
            True,
        ),
        Target("resident memory beyond file and KV, MB", _beyond(figures), 400, False),
        Target("Stop during a prefill, the slowest, ms", figures.value("stop_ms"), 200, False),
        Target("drafting on / off", ratio("copy_drafting_on", OURS, "copy_drafting_off", OURS), 1.5, True),
    ]


def _beyond(figures: Figures) -> float | None:
    resident, needed = figures.value("rss_mb"), figures.value("file_plus_kv_mb")
    return None if resident is None or needed is None else resident - needed


def table(figures: Figures, peers: Iterable[str]) -> str:
    """Return all rows as text: the figure, its spread, and how it compares with ours."""
    columns = [peer for peer in peers if peer in figures.peers()]
    lines = [["", "unit", *columns]]
    for name, row in ROWS.items():
        if name in figures.values:
            lines.append([name, row.unit, *(_cell(figures, name, peer) for peer in columns)])
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns) + 2)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _cell(figures: Figures, row: str, peer: str) -> str:
    value = figures.value(row, peer)
    if value is None:
        return "-"
    values = figures.values[row][peer]
    spread = f" [{_short(min(values))}-{_short(max(values))}]" if len(values) > 1 else ""
    ratio = None if peer == OURS else figures.ratio((row, peer), (row, OURS))
    return f"{_short(value)}{spread}{'' if ratio is None else f' x{_short(ratio)}'}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
