"""The settings that were chosen by measurement, kept for each model, machine and version."""

import hashlib
import json
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from desktop_agent import __version__, durable
from desktop_agent.llm.devices import describe_devices
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.trial import Trial
from desktop_agent.llm.tuning_words import Finding, sentence

_WRONG = (OSError, ValueError, KeyError, TypeError, AttributeError)
"""What reading a file that is damaged or of another version may raise."""


@dataclass(frozen=True)
class Choice:
    """What a tuning run chose, all that it tried, and what it found."""

    settings: EngineSettings
    trials: tuple[Trial, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found, in English."""
        return tuple(map(sentence, self.findings))

    def to_dict(self) -> dict[str, Any]:
        """Return a value for `json`."""
        return {
            "settings": self.settings.to_dict(),
            "trials": [trial.to_dict() for trial in self.trials],
            "findings": [finding.to_dict() for finding in self.findings],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Choice":
        """Return what `to_dict` wrote; raises TypeError or KeyError when it is something else."""
        findings = tuple(Finding(finding["kind"], finding["values"]) for finding in data["findings"])
        for finding in findings:
            sentence(finding)
        trials = tuple(Trial.from_dict(trial) for trial in data["trials"])
        return cls(EngineSettings.from_dict(data["settings"]), trials, findings)


class Choices:
    """Choices in a folder, one file for each model and use; those of another machine or version are none.

    `use` says for what a model was measured: how long a context, and what else is wanted.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "choices"

    def get(self, identity: str, use: str) -> Choice | None:
        """Return what was chosen for a model here, None when nothing was, or its file is damaged."""
        try:
            data = json.loads(self._path(identity, use).read_bytes())
            return Choice.from_dict(data["choice"]) if data["machine"] == machine() else None
        except _WRONG:
            return None

    def put(self, identity: str, use: str, choice: Choice) -> None:
        """Keep a choice; raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        data = {"model": identity, "machine": machine(), "choice": choice.to_dict()}
        durable.write(self._path(identity, use), json.dumps(data, indent=1).encode())

    def forget(self, identity: str) -> bool:
        """Drop what was chosen for a model, for every use; return whether there was something."""
        files = list(self._folder.glob(f"{_key(identity)}-*.json"))
        for file in files:
            file.unlink(missing_ok=True)
        return bool(files)

    def _path(self, identity: str, use: str) -> Path:
        return self._folder / f"{_key(identity)}-{use}.json"


def _key(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()[:32]


def machine() -> dict[str, Any]:
    """Return what decides how fast a model is here: the hardware, and the versions of what computes."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory": _memory_gigabytes(),
        "devices": list(describe_devices()),
        "program": __version__,
        "llama": version("llama-cpp-python"),
    }


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def _memory_gigabytes() -> int:
    """Return the size of the memory, rounded: the last megabytes change with each kernel."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return 0
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30)
