"""What a tuning run found, in words. The window knows these sentences with their blanks, to translate them."""

from dataclasses import dataclass
from typing import Any

from desktop_agent.llm.trial import Trial
from desktop_agent.llm.tuning_weigh import READ_TOKENS, WRITTEN_TOKENS, turn_seconds

_COMPARED = (
    "{read} instead of {other_read} tokens/s reading, {write} instead of {other_write} tokens/s writing, "
    "{memory} instead of {other_memory} of memory."
)
SENTENCES = {
    "turn": "An answer that reads {read} tokens and writes {write} takes about {seconds} seconds.",
    "layers": "Measured with {layers} of the model's {of_layers} layers.",
    "threads": "Threads: {reading} for reading, {writing} for writing.",
    "repack on": f"Repacking on: {_COMPARED}",
    "repack off": f"Repacking off: {_COMPARED}",
    "repack crashed": "Repacking crashes on this processor.",
    "repack failed": "Repacking is not possible with this model.",
    "repack memory": "Repacking was not tried: {needed} of memory would be needed, and {free} are free.",
    "repack time": "Repacking was not tried: there was no time left.",
    "attention on": f"Flash attention on: {_COMPARED}",
    "attention off": f"Flash attention off: {_COMPARED}",
    "cache 8": f"Half of the cache in 8 bits: {_COMPARED}",
    "cache 16": f"The cache in 16 bits: {_COMPARED}",
    "ubatch": "{count} tokens at once instead of {other}: {read} instead of {other_read} tokens/s reading.",
    "draft": "Up to {count} tokens can be guessed ahead without changing an answer.",
    "draft none": "Nothing is guessed ahead: that could change answers with these settings.",
    "busy": "Other programs were busy meanwhile: measure again when they are not.",
    "nothing": "Nothing was measured, for there was not enough time: the usual settings are used.",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was found: which sentence of SENTENCES, and what fills its blanks."""

    kind: str
    values: dict[str, str | int]

    def to_dict(self) -> dict[str, Any]:
        """Return a value for `json`."""
        return {"kind": self.kind, "values": self.values}


def sentence(finding: Finding) -> str:
    """Return the finding in English; raises KeyError when another version made it."""
    return SENTENCES[finding.kind].format(**finding.values)


def turn(trial: Trial) -> Finding:
    """Say how long an agent's turn takes."""
    values: dict[str, str | int] = {"read": READ_TOKENS, "write": WRITTEN_TOKENS, "seconds": _rate(turn_seconds(trial))}
    return Finding("turn", values)


def compared(kind: str, trial: Trial, other: Trial) -> Finding:
    """Say what was gained and lost."""
    ours: dict[str, str | int] = {
        "read": _rate(trial.read_rate),
        "write": _rate(trial.write_rate),
        "memory": size(trial.memory),
    }
    theirs: dict[str, str | int] = {
        "other_read": _rate(other.read_rate),
        "other_write": _rate(other.write_rate),
        "other_memory": size(other.memory),
    }
    return Finding(kind, {**ours, **theirs})


def ubatch(trial: Trial, other: Trial) -> Finding:
    """Say what was gained by the number of tokens that are read at once."""
    counts = {"count": trial.settings.ubatch, "other": other.settings.ubatch}
    return Finding("ubatch", {**counts, "read": _rate(trial.read_rate), "other_read": _rate(other.read_rate)})


def size(count: int) -> str:
    """Return bytes as people read them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def _rate(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
