"""The other side of `trial_child`: asks a throw-away process to measure, and survives its crash."""

import json
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from desktop_agent.errors import Cancelled, DesktopAgentError, UserFacingError
from desktop_agent.llm.settings import EngineSettings

_LOOK_SECONDS = 0.1
"""How often a waiting parent looks whether the user has stopped."""

Outcome = Literal["measured", "failed", "crashed"]


@dataclass(frozen=True)
class Trial:
    """What settings cost: tokens a second, read and written, and bytes of memory with weights, cache and buffers."""

    settings: EngineSettings
    outcome: Outcome
    read_rate: float = 0.0
    write_rate: float = 0.0
    memory: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return a value for `json`."""
        return {**self.__dict__, "settings": self.settings.to_dict()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Trial":
        """Return what `to_dict` wrote; raises TypeError or KeyError when it is something else."""
        return cls(**{**data, "settings": EngineSettings.from_dict(data["settings"])})


class TrialCrashed(DesktopAgentError):
    """The process died; `began` is which of several settings it was trying."""

    def __init__(self, code: int, began: int) -> None:
        super().__init__(f"a trial ended with code {code}")
        self.began = began


class OutOfTime(DesktopAgentError):
    """The process was killed at the deadline."""


class TrialProcess:
    """A process with loaded weights. Waiting ends at the `deadline` with OutOfTime, and soon after `cancel` is set."""

    def __init__(self, deadline: float, cancel: threading.Event) -> None:
        self._deadline = deadline
        self._cancel = cancel
        command = [sys.executable, "-P", "-m", "desktop_agent.llm.trial_child"]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, text=True, encoding="utf-8")
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._listen, name="trial", daemon=True)
        self._reader.start()

    def __enter__(self) -> "TrialProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(self, path: Path, *, repack: bool, gpu_layers: int) -> int:
        """Load weights; return how many bytes they take beside the file. Raises UserFacingError."""
        return int(self._ask({"load": str(path), "repack": repack, "gpu_layers": gpu_layers})["weights"])

    def measure(
        self, settings: list[EngineSettings], read: int, write: int, rounds: int
    ) -> list[dict[str, float] | None]:
        """Return seconds and bytes for each of the settings, None where they cannot be used. Raises UserFacingError."""
        request = {"measure": [one.to_dict() for one in settings], "read": read, "write": write, "rounds": rounds}
        figures: list[dict[str, float] | None] = self._ask(request)["figures"]
        return figures

    def widest_exact(self, settings: EngineSettings, most: int) -> int:
        """Return how many tokens at once give exactly the numbers that they give one by one. Raises UserFacingError."""
        return int(self._ask({"exact": settings.to_dict(), "most": most})["widest"])

    def close(self) -> None:
        """End the process. Safe to call twice."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        with suppress(OSError):
            self._process.stdin.close()  # type: ignore[union-attr]
        self._process.stdout.close()  # type: ignore[union-attr]

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        with suppress(OSError):  # a dead process is noticed by its silence
            self._process.stdin.write(json.dumps(request) + "\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]
        began = 0
        while True:
            answer = self._answer(began)
            if "failed" in answer:
                raise UserFacingError(answer["failed"])
            if "begins" not in answer:
                return answer
            began = answer["begins"]

    def _answer(self, began: int) -> dict[str, Any]:
        while True:
            if self._cancel.is_set():
                self.close()
                raise Cancelled
            if monotonic() > self._deadline:
                self.close()
                raise OutOfTime
            with suppress(queue.Empty):
                line = self._answers.get(timeout=_LOOK_SECONDS)
                if not line:
                    raise TrialCrashed(self._process.wait(), began)
                answer: dict[str, Any] = json.loads(line)
                return answer

    def _listen(self) -> None:
        for line in self._process.stdout:  # type: ignore[union-attr]
            self._answers.put(line)
        self._answers.put("")
