"""The program as people start it: a process of its own."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

COMMAND = [sys.executable, "-m", "desktop_agent"]


@dataclass
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events that --json printed."""
        return [json.loads(line) for line in self.out.splitlines()]

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Those of one kind."""
        return [event for event in self.events if event["kind"] == kind]


Run = Callable[..., Ran]
