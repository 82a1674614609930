"""Measures one layout of a model's weights, in a process of its own: what it tries may kill it.

    python -m desktop_agent.llm.trial_child

One JSON object a line on standard input asks, one on standard output answers:
- `{"load": PATH, "repack": BOOL, "gpu_layers": N}` comes first, and is answered by `{"weights": BYTES}`: what they take
  beside the file;
- `{"measure": [SETTINGS…], "read": TOKENS, "write": TOKENS, "rounds": N}` measures settings in turn, so that none is
  measured in a better minute than another. `{"begins": I}` is told before each, since it may be the last word, and at
  the end `{"figures": [{"read": SECONDS, "write": SECONDS, "cache": BYTES, "compute": BYTES, "waited": PART} or
  null…]}`: for a token, and null where no context could be made. The cache is that of CONTEXT tokens; "waited" is the
  part of the time in which other programs had our cores;
- `{"exact": SETTINGS, "most": N}` is answered by `{"widest": N}`: how many tokens can be computed at once with exactly
  the numbers that they get one by one.
`{"failed": REASON}` answers what cannot be done.
"""

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.trial_context import TrialContext, buffers
from desktop_agent.llm.weights import Weights


def main() -> int:
    """Answer until the input ends."""
    with ExitStack() as undo:
        trials: Trials | None = None
        for line in sys.stdin:
            request = json.loads(line)
            try:
                if "load" in request:
                    trials = undo.enter_context(Trials(request))
                    _tell({"weights": trials.weights_bytes})
                elif trials:
                    _tell(trials.answer(request))
            except UserFacingError as error:
                _tell({"failed": str(error)})
    return 0


def _tell(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


class Trials:
    """The loaded weights, with which settings are tried."""

    def __init__(self, request: dict[str, Any]) -> None:
        settings = EngineSettings(repack=request["repack"], gpu_layers=request["gpu_layers"])
        with buffers() as sizes:
            self._weights = Weights.load(Path(request["load"]), settings=settings)
        self.weights_bytes = sizes.of("model")

    def __enter__(self) -> "Trials":
        return self

    def __exit__(self, *_: object) -> None:
        self._weights.free()

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Measure settings, or how many tokens they compute exactly."""
        if "exact" in request:
            with TrialContext(self._weights, EngineSettings.from_dict(request["exact"])) as context:
                return {"widest": context.widest_exact(request["most"])}
        return {"figures": self._measured(request)}

    def _measured(self, request: dict[str, Any]) -> list[dict[str, float] | None]:
        with ExitStack() as undo:
            contexts = [self._context(undo, data) for data in enumerate(request["measure"])]
            rounds = [self._round(contexts, request) for _ in range(request["rounds"])]
        return [
            {kind: min(one[kind] for one in figures) for kind in figures[0]} if figures[0] else None
            for figures in zip(*rounds, strict=True)
        ]

    def _context(self, undo: ExitStack, data: tuple[int, dict[str, Any]]) -> TrialContext | None:
        number, settings = data
        _tell({"begins": number})
        try:
            return undo.enter_context(TrialContext(self._weights, EngineSettings.from_dict(settings)))
        except UserFacingError:
            return None

    def _round(self, contexts: list[TrialContext | None], request: dict[str, Any]) -> list[dict[str, float]]:
        figures = []
        for number, context in enumerate(contexts):
            _tell({"begins": number})
            figures.append(_figures(context, request) if context else {})
        return figures


def _figures(context: TrialContext, request: dict[str, Any]) -> dict[str, float]:
    return {
        "read": context.read_seconds(request["read"]),
        "write": context.write_seconds(request["write"]),
        "waited": context.waited,
        "cache": context.cache_bytes,
        "compute": context.compute_bytes,
    }


if __name__ == "__main__":
    sys.exit(main())
