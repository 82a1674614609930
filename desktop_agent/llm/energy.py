"""What an answer costs: processor time, and energy where the processor counts it."""

import time
from dataclasses import dataclass
from pathlib import Path

POWERCAP = Path("/sys/class/powercap")
"""Where Linux shows the processor's energy counters (RAPL): kernel.org, Documentation/power/powercap/powercap.rst."""

MOST_WATTS = 500
"""No package draws more: a counter that says otherwise was set back, and one that had the time may have gone round."""


@dataclass(frozen=True)
class Reading:
    """A moment. `counters` are microjoules, one for each package; None where there are none, or one is unreadable."""

    seconds: float
    cpu_seconds: float
    counters: tuple[int, ...] | None


@dataclass(frozen=True)
class Used:
    """What was used in between: seconds of all cores together, and joules, or None where nothing counts them."""

    cpu_seconds: float
    joules: float | None


@dataclass(frozen=True)
class Package:
    """One processor package: its counter, which begins again at 0 after `turn` microjoules."""

    counter: Path
    turn: int

    def read(self) -> int:
        """Return the counter; raises OSError or ValueError when it cannot be read."""
        return int(self.counter.read_text())

    def between(self, before: int, after: int, seconds: float) -> float | None:
        """Return the joules between two readings; None when the counter may have gone round more than once."""
        joules = (after - before + (self.turn if after < before else 0)) / 1e6
        most = MOST_WATTS * seconds
        return joules if joules <= most < self.turn / 1e6 else None


class EnergyMeter:
    """Reads the counters before and after.

    The processor time is this program's, without its children. The energy is that of the whole processor, whatever else
    runs on it; RAPL tells programs not apart. Most systems let only the administrator read it.
    """

    def __init__(self, root: Path = POWERCAP) -> None:
        self._packages = _packages(root)

    def read(self) -> Reading:
        """Return where the counters are now."""
        return Reading(time.monotonic(), time.process_time(), self._counters())

    def since(self, before: Reading) -> Used:
        """Return what was used since then."""
        now = self.read()
        return Used(now.cpu_seconds - before.cpu_seconds, self._joules(before, now))

    def _counters(self) -> tuple[int, ...] | None:
        try:
            return tuple(package.read() for package in self._packages) or None
        except (OSError, ValueError):
            return None

    def _joules(self, before: Reading, now: Reading) -> float | None:
        if before.counters is None or now.counters is None:
            return None
        seconds = now.seconds - before.seconds
        turns = zip(self._packages, before.counters, now.counters, strict=True)
        joules = [package.between(old, new, seconds) for package, old, new in turns]
        known = [each for each in joules if each is not None]
        return sum(known) if len(known) == len(joules) else None


def _packages(root: Path) -> tuple[Package, ...]:
    """Return the packages; what is inside one (cores, graphics), or around all (psys), would be counted twice."""
    try:
        domains = [path for path in sorted(root.glob("intel-rapl:*")) if _name(path).startswith("package")]
        return tuple(Package(path / "energy_uj", int((path / "max_energy_range_uj").read_text())) for path in domains)
    except (OSError, ValueError):
        return ()


def _name(domain: Path) -> str:
    return (domain / "name").read_text().strip()
