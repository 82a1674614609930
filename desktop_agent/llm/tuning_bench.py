"""The bench of a tuning run: it keeps the processes that measure, heeds the deadline, and makes trials of figures."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.trial import OutOfTime, Trial, TrialCrashed, TrialProcess
from desktop_agent.llm.trial_context import CONTEXT
from desktop_agent.llm.tuning_slice import Sample

_READ_SECONDS, _WRITE_SECONDS = 0.3, 0.2
"""How long one measurement should take."""
_PIECE = 64
_MOST_READ, _LEAST_WRITTEN, _MOST_WRITTEN = 512, 5, 24
_ROUNDS = 2
_FOR_GUESSING = 1.0
_BUSY = 0.15
_REPACKING = 2
"""How many times longer than without it loading repacked weights takes, at least."""


@dataclass
class Bench:
    """Where settings of one model are measured."""

    model: Path
    sample: Sample
    context_tokens: int
    gpu_layers: int
    deadline: float
    cancel: threading.Event
    trials: list[Trial] = field(default_factory=list)
    read: int = _PIECE
    write: int = _LEAST_WRITTEN

    def __post_init__(self) -> None:
        self._processes: dict[bool, TrialProcess] = {}
        self._weights: dict[bool, int] = {}
        self._waited: list[float] = []
        self._undo = ExitStack()
        self._load_seconds = self._token_seconds = 0.0

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    @property
    def is_busy(self) -> bool:
        """Whether other programs took much of the time so far, so that figures are hardly comparable."""
        return bool(self._waited) and median(self._waited) > _BUSY

    @property
    def seconds_left(self) -> float:
        """How long there still is."""
        return self.deadline - monotonic()

    def first(self, settings: EngineSettings) -> Trial:
        """Measure the settings to begin with, and learn from it how much can be measured.

        Raises UserFacingError when the model cannot be used at all, OutOfTime.
        """
        try:
            figures = self._process(repack=False).measure([settings], self.read, self.write, 1)[0]
        except TrialCrashed:
            figures = None
        if figures is None:
            raise UserFacingError(f"{self.model.name} cannot be measured.", "Choose another model.")
        self.read = max(_PIECE, min(_MOST_READ, int(_READ_SECONDS / figures["read"]) // _PIECE * _PIECE))
        self.write = max(_LEAST_WRITTEN, min(_MOST_WRITTEN, int(_WRITE_SECONDS / figures["write"])))
        self._token_seconds = figures["read"]
        return self._trial(settings, figures)

    def use(self, sample: Sample) -> None:
        """Measure with another file from now on."""
        self._drop(repack=False)
        self.sample = sample

    def compare(self, variants: Sequence[EngineSettings], read: int = 0) -> list[Trial]:
        """Measure settings in turn, as many as there is time for when some is left for guessing and repacking.

        Returns a trial for each that was tried, none for fewer than two. Raises OutOfTime.
        """
        read = read or self.read
        later = _FOR_GUESSING + _REPACKING * (self._load_seconds + self._once(self.read))
        affordable = int((self.seconds_left - later) / self._once(read))
        tried = list(variants)[: max(affordable, 0)]
        if len(tried) < 2:
            return []
        rounds = max(1, min(_ROUNDS, affordable // len(tried)))
        found = self._measured(tried, read, rounds)
        self.trials += found
        return found

    def _once(self, read: int) -> float:
        """Return about how long measuring some settings once takes."""
        return (read + 2 * _PIECE) * self._token_seconds + _WRITE_SECONDS

    def alternately(self, plain: EngineSettings, repacked: EngineSettings) -> tuple[Trial, Trial]:
        """Measure the two layouts of the weights in turn, as often as there is time for.

        Raises OutOfTime before both were measured once.
        """
        pairs: list[tuple[list[Trial], list[Trial]]] = []
        self._process(repack=False), self._process(repack=True)
        for _ in range(_ROUNDS):
            began = monotonic()
            pairs.append((self._measured([plain], self.read, 1), self._measured([repacked], self.read, 1)))
            if any(trial.outcome != "measured" for trial in pairs[-1][1]) or self.seconds_left < monotonic() - began:
                break
        before, after = (_fastest([pair[side][0] for pair in pairs]) for side in (0, 1))
        self.trials += [before, after]
        return before, after

    def widest_exact(self, settings: EngineSettings, most: int) -> int:
        """Return how many tokens at once are computed exactly as one by one; 1 when that kills the process."""
        try:
            return self._process(settings.repack).widest_exact(settings, most)
        except (TrialCrashed, UserFacingError):
            self._drop(settings.repack)
            return 1

    def _measured(self, variants: list[EngineSettings], read: int, rounds: int) -> list[Trial]:
        """Measure settings of one layout; what kills the process is a trial of its own, and the others go on."""
        repack = variants[0].repack
        try:
            figures = self._process(repack).measure(variants, read, self.write, rounds)
        except TrialCrashed as crash:
            self._drop(repack)
            others = [one for index, one in enumerate(variants) if index != crash.began]
            crashed = Trial(variants[crash.began], "crashed")
            return [*(self._measured(others, read, rounds) if others else ()), crashed]
        return [self._trial(one, found) for one, found in zip(variants, figures, strict=True)]

    def _trial(self, settings: EngineSettings, figures: dict[str, float] | None) -> Trial:
        if figures is None:
            return Trial(settings, "failed")
        self._waited.append(figures["waited"])
        sample = self.sample
        layers = sample.of_layers / sample.layers if sample.layers else 1.0
        cache = figures["cache"] * layers * self.context_tokens / CONTEXT
        beside = self._weights[settings.repack] * sample.read_factor
        memory = self.model.stat().st_size + beside + cache + figures["compute"]
        read, write = figures["read"] * sample.read_factor, figures["write"] * sample.write_factor
        return Trial(settings, "measured", 1 / read, 1 / write, round(memory))

    def _process(self, repack: bool) -> TrialProcess:
        if repack not in self._processes:
            if self.seconds_left <= 0:
                raise OutOfTime
            began = monotonic()
            process = self._undo.enter_context(TrialProcess(self.deadline, self.cancel))
            self._weights[repack] = process.load(self.sample.path, repack=repack, gpu_layers=self.gpu_layers)
            self._load_seconds = monotonic() - began
            self._processes[repack] = process
        return self._processes[repack]

    def _drop(self, repack: bool) -> None:
        if process := self._processes.pop(repack, None):
            process.close()


def _fastest(trials: list[Trial]) -> Trial:
    """Put the best figures of several measurements together; one that failed counts for all."""
    last = trials[-1]
    if last.outcome != "measured":
        return last
    rates = [(trial.read_rate, trial.write_rate) for trial in trials]
    read, write = (max(rate[side] for rate in rates) for side in (0, 1))
    return Trial(last.settings, "measured", read, write, last.memory)
