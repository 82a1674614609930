"""The local model: one thread that owns it, prompts that are only read where they are new, answers as events."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from desktop_agent.errors import Cancelled
from desktop_agent.events import TurnStats
from desktop_agent.llm.candidates import MOST
from desktop_agent.llm.loaded import LoadedModel, Plan
from desktop_agent.llm.native import StopFlag
from desktop_agent.llm.offload import Offload
from desktop_agent.llm.protocol import Completion, ModelEvent, Request
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.stream import OneThread, stream
from desktop_agent.llm.weights import Progress
from desktop_agent.messages import Message


class Engine:
    """A GGUF chat model. Every call into llama.cpp happens on one thread of its own; any thread may use the methods.

    Once it is closed there is nobody to ask: what is asked then raises Cancelled.
    """

    @classmethod
    def load(
        cls,
        path: Path,
        *,
        context_tokens: int = 4096,
        plan: Plan | None = None,
        progress: Progress | None = None,
    ) -> "Engine":
        """Load a model file as `plan` says, or plainly with so much context.

        `progress` takes the part that is loaded, 0 to 1. Raises UserFacingError when the file cannot be used, Cancelled
        when `progress` returned False.
        """
        plan = plan or Plan(context_tokens)
        worker = OneThread("model")
        try:
            model = worker.submit(LoadedModel.load, path, plan, progress).result()
        except BaseException:
            worker.shutdown()
            raise
        return cls(worker, model, plan)

    def __init__(self, worker: OneThread, model: LoadedModel, plan: Plan) -> None:
        self._worker = worker
        self._model = model
        self._plan = plan
        self._running: set[StopFlag] = set()

    @property
    def settings(self) -> EngineSettings:
        """How the model computes."""
        return self._plan.settings

    @property
    def name(self) -> str:
        """The model's name as people know it."""
        return self._model.name

    @property
    def parameters(self) -> int:
        """How many weights the model has."""
        return self._model.parameters

    @property
    def context_size(self) -> int:
        """Tokens that prompt and answer may take together."""
        return self._model.context_size

    @property
    def offload(self) -> Offload:
        """Which layers a graphics card computes, and why so many."""
        return self._model.offload

    @property
    def draft_problem(self) -> str:
        """Why the draft model does not guess ahead, empty when it does or there is none."""
        return self._model.draft_problem

    @property
    def can_think(self) -> bool:
        """Whether the model thinks before it answers when that is wanted, and only then."""
        return self._model.can_think

    def count_tokens(self, request: Request) -> int:
        """Return the length of the rendered prompt in tokens; waits while an answer is being written."""
        return self._worker.submit(self._model.count_tokens, request).result()

    def generate(self, request: Request, cancel: threading.Event) -> Iterator[ModelEvent]:
        """Yield progress and text, then exactly one Completion; see the protocol."""
        stop = StopFlag(cancel)
        self._running.add(stop)
        try:
            began = yield from stream(self._worker, partial(self._model.answer, request, stop), stop)
        finally:
            self._running.discard(stop)
        if not began:
            stats = TurnStats(self.name, context_size=self.context_size)
            yield Completion(Message("assistant"), "cancelled", stats)

    def candidates(self, request: Request, count: int, cancel: threading.Event) -> tuple[Completion, ...]:
        """Return several answers to one prompt, written side by side; see the protocol."""
        if not 1 <= count <= MOST:
            raise ValueError(f"between 1 and {MOST} candidates can be written at once, not {count}")
        stop = StopFlag(cancel)
        self._running.add(stop)
        try:
            events = tuple(stream(self._worker, partial(self._model.candidates, request, count, stop), stop))
        finally:
            self._running.discard(stop)
        nothing = Completion(Message("assistant"), "cancelled", TurnStats(self.name, context_size=self.context_size))
        return tuple(event for event in events if isinstance(event, Completion)) or (nothing,) * count

    def prepare(self, request: Request, cancel: threading.Event) -> int:
        """Read what is certain of the prompt; see the protocol."""
        stop = StopFlag(cancel)
        self._running.add(stop)
        try:
            ready = [*stream(self._worker, lambda: iter([self._model.prepare(request, stop)]), stop)]
        finally:
            self._running.discard(stop)
        return ready[0] if ready else 0

    def forget(self, chat: str) -> None:
        """Drop what is kept in memory; see the protocol."""
        with suppress(Cancelled):
            self._worker.submit(self._model.forget, chat)

    def close(self) -> None:
        """Stop what is running and free the model's memory. Safe to call twice, and while other threads ask."""
        self._worker.close(self._stop_all, self._model.free)
        if self._plan.snapshots:
            self._plan.snapshots.close()

    def _stop_all(self) -> None:
        for stop in tuple(self._running):
            stop.set()
