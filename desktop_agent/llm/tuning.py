"""Finds by measurement, within seconds, what makes a model fastest on this machine for an agent's work.

One question after the other is settled: how many threads, how the context is kept, how many tokens are read at once,
how many can be guessed ahead, and at last whether the weights are worth laying out anew. See `tuning_weigh` for what
counts. Everything is measured in processes of their own; the weights are some of the model's layers, see
`tuning_slice`.
"""

import os
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.llm import tuning_words as words
from desktop_agent.llm.choices import Choice
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.trial import OutOfTime, Trial, TrialCrashed
from desktop_agent.llm.tuning_bench import Bench
from desktop_agent.llm.tuning_slice import Sample, sample_of
from desktop_agent.llm.tuning_weigh import barely_slower, best, best_threads
from desktop_agent.llm.tuning_words import Finding
from desktop_agent.llm.weights import default_threads

SECONDS = 15.0
_SLICING = 0.35
"""The part of the time that writing a slice of the model may take."""
_CLEANING = 0.5
"""Seconds that ending the processes may take."""
_UBATCHES = (128, 256, 64, 512)
_LONGEST_PIECE = 3.0
"""Seconds that reading a piece may take: progress is told after each."""
_MOST_TOGETHER = 16
_GUESSING = 1.0
"""Seconds that must be left for trying to guess ahead."""

Tell = Callable[[str], None]
"""Told in a sentence what is being tried."""


def tune(  # noqa: PLR0913 -- all but the path by name
    path: Path,
    *,
    context_tokens: int,
    seconds: float = SECONDS,
    tell: Tell = lambda _sentence: None,
    cancel: threading.Event | None = None,
    free_bytes: int,
    gpu_layers: int = 0,
    guesses: bool = False,
) -> Choice:
    """Return what is best for a model, after at most `seconds`; what was not tried by then stays as it was.

    With `guesses`, tokens are to be guessed ahead also where reading gets slower by that. Raises Cancelled soon after
    `cancel` is set, UserFacingError when the model cannot be used.
    """
    deadline, cancel = monotonic() + seconds - _CLEANING, cancel or threading.Event()
    tell("Preparing the measurement.")
    check = partial(_check, monotonic() + _SLICING * seconds, cancel)
    with ExitStack() as undo:
        sample = undo.enter_context(sample_of(path, check))
        bench = Bench(path, sample, context_tokens, gpu_layers, deadline, cancel)
        return _Run(undo.enter_context(bench), tell, free_bytes, guesses).choice()


def _check(deadline: float, cancel: threading.Event) -> None:
    if cancel.is_set():
        raise Cancelled
    if monotonic() > deadline:
        raise OSError("the disk is too slow")


class _Run:
    """The questions, each of which changes the chosen settings."""

    def __init__(self, bench: Bench, tell: Tell, free_bytes: int, guesses: bool) -> None:
        self._bench = bench
        self._guesses_wanted = guesses
        self._tell = tell
        self._free = free_bytes
        self._best = Trial(EngineSettings(gpu_layers=bench.gpu_layers), "failed")
        self._findings: dict[str, Finding] = {}

    def choice(self) -> Choice:
        """Ask all questions that there is time for."""
        try:
            self._begin()
            self._threads()
            self._attention()
            self._pieces()
            self._guesses()
            self._repacking()
        except OutOfTime:
            pass
        if self._best.outcome != "measured":
            return Choice(self._best.settings, findings=(Finding("nothing", {}),))
        notes = (*_part(self._bench.sample), *((Finding("busy", {}),) if self._bench.is_busy else ()))
        findings = (words.turn(self._best), *self._findings.values(), *notes)
        return Choice(self._best.settings, tuple(self._bench.trials), findings)

    def _begin(self) -> None:
        count = default_threads()
        start = replace(self._best.settings, threads=count, threads_batch=count)
        try:
            self._best = self._bench.first(start)
        except UserFacingError:
            if not self._bench.sample.layers:
                raise
            self._bench.use(Sample(self._bench.model))  # an architecture that cannot be cut
            self._best = self._bench.first(start)

    def _threads(self) -> None:
        self._tell("Trying numbers of threads.")
        settings, usual, busy = self._best.settings, self._best.settings.threads, self._bench.is_busy
        variants = [replace(settings, threads=count, threads_batch=count) for count in thread_counts()]
        trials = [trial for trial in self._bench.compare(variants) if trial.outcome == "measured"]
        if trials:
            writing = best_threads({trial.settings.threads: trial.write_rate for trial in trials}, usual, busy=busy)
            reading = best_threads({trial.settings.threads: trial.read_rate for trial in trials}, usual, busy=busy)
            rates = {trial.settings.threads: trial for trial in trials}
            chosen = replace(settings, threads=writing, threads_batch=reading)
            read_rate, write_rate = rates[reading].read_rate, rates[writing].write_rate
            self._best = replace(self._best, settings=chosen, read_rate=read_rate, write_rate=write_rate)
            self._findings["threads"] = Finding("threads", {"reading": reading, "writing": writing})

    def _attention(self) -> None:
        self._tell("Trying ways to keep what was read.")
        on = self._best.settings  # llama.cpp's own choice, where the model can have it
        off, eight = replace(on, flash_attention=False), replace(on, flash_attention=True, value_type="q8_0")
        found = self._compared([on, off, eight])
        if on in found and off in found:
            without = self._best.settings == off
            kind = "attention off" if without else "attention on"
            self._find("attention", kind, *((found[off], found[on]) if without else (found[on], found[off])))
        if on in found and eight in found:
            self._guessable(found[on], found[eight])

    def _guessable(self, whole: Trial, eight: Trial) -> None:
        """Keep values in 8 bits where that costs nothing, or is wanted at any cost.

        Then several tokens are computed as exactly as one.
        """
        free_of_cost = not self._bench.is_busy and barely_slower(eight, self._best)
        if (self._guesses_wanted or free_of_cost) and self._widest(eight.settings) > self._widest(self._best.settings):
            self._best = eight
        in_eight = self._best.settings == eight.settings
        self._find("cache", "cache 8" if in_eight else "cache 16", *((eight, whole) if in_eight else (whole, eight)))

    def _pieces(self) -> None:
        self._tell("Trying how much to read at once.")
        longest = self._best.read_rate * _LONGEST_PIECE
        sizes = [size for size in _UBATCHES if size <= max(longest, _UBATCHES[0])]  # the usual size first
        settings = self._best.settings
        found = self._compared([replace(settings, ubatch=size) for size in sizes], read=max(sizes))
        others = [trial for one, trial in found.items() if one != self._best.settings]
        if others:
            self._findings["ubatch"] = words.ubatch(self._best, others[-1])

    def _guesses(self) -> None:
        if self._bench.seconds_left < _GUESSING:
            return
        self._tell("Checking how far guessing ahead would change nothing.")
        count = self._widest(self._best.settings) - 1
        self._best = replace(self._best, settings=replace(self._best.settings, draft_most=count))
        self._findings["draft"] = Finding("draft", {"count": count}) if count else Finding("draft none", {})

    def _repacking(self) -> None:
        needed = self._best.memory + self._bench.model.stat().st_size
        if needed > self._free:
            values: dict[str, str | int] = {"needed": words.size(needed), "free": words.size(self._free)}
            self._findings["repack"] = Finding("repack memory", values)
            return
        self._tell("Trying weights that are laid out anew.")
        self._findings["repack"] = Finding("repack time", {})
        anew = replace(self._best.settings, repack=True)
        try:
            before, after = self._bench.alternately(self._best.settings, anew)
        except (TrialCrashed, UserFacingError) as error:
            crashed = isinstance(error, TrialCrashed)
            self._bench.trials.append(Trial(anew, "crashed" if crashed else "failed"))
            self._findings["repack"] = Finding("repack crashed" if crashed else "repack failed", {})
            return
        self._decide(before, after)

    def _decide(self, before: Trial, after: Trial) -> None:
        if after.outcome != "measured":
            self._findings["repack"] = Finding(f"repack {after.outcome}", {})
            return
        self._best = best([before, after], self._free, busy=self._bench.is_busy)
        if self._best is before:
            self._find("repack", "repack off", before, after)
            return
        self._find("repack", "repack on", after, before)
        self._best = replace(after, settings=replace(after.settings, draft_most=0))
        self._guesses()

    def _compared(self, variants: list[EngineSettings], read: int = 0) -> dict[EngineSettings, Trial]:
        """Measure variants, keep the best of them, and return those that were measured."""
        found = {trial.settings: trial for trial in self._bench.compare(variants, read)}
        measured = {settings: trial for settings, trial in found.items() if trial.outcome == "measured"}
        if len(measured) > 1:
            self._best = best(list(measured.values()), self._free, busy=self._bench.is_busy)
        return measured

    def _widest(self, settings: EngineSettings) -> int:
        return self._bench.widest_exact(settings, _MOST_TOGETHER)

    def _find(self, topic: str, kind: str, chosen: Trial, other: Trial) -> None:
        self._findings[topic] = words.compared(kind, chosen, other)


def _part(sample: Sample) -> tuple[Finding, ...]:
    if not sample.layers:
        return ()
    return (Finding("layers", {"layers": sample.layers, "of_layers": sample.of_layers}),)


def thread_counts() -> list[int]:
    """Return how many threads are worth trying: one for each core first, fewer, and with hyper-threads.

    A single one beside another core would only be faster while others are busy there.
    """
    cores = default_threads()
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or cores
    wanted = [cores, usable, cores - 1, cores // 2, _fast_cores()]
    return [count for count in dict.fromkeys(wanted) if min(2, cores) <= count <= usable]


def _fast_cores() -> int:
    """Return how many fast cores there are beside slow ones; 0 when all are the same, or nobody says."""
    try:
        ranges = Path("/sys/devices/cpu_core/cpus").read_text("ascii").strip().split(",")
        bounds = [[int(number) for number in part.split("-")] for part in ranges]
    except (OSError, ValueError):
        return 0
    return sum(part[-1] - part[0] + 1 for part in bounds)
