"""Whether the computer runs on its battery."""

from contextlib import suppress
from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
_ON_MAINS = {"Charging", "Full", "Not charging"}


def on_battery(supplies: Path = SUPPLIES) -> bool | None:
    """Return whether power comes from a battery; None when the system does not say, as on other systems than Linux.

    See https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-class-power.
    """
    if not supplies.is_dir():
        return None
    found = [supply for supply in supplies.iterdir() if _read(supply / "scope") != "Device"]  # a mouse has one too
    if any(_read(supply / "online") == "1" for supply in found):
        return False
    states = {_read(supply / "status") for supply in found if _read(supply / "type") == "Battery"}
    if "Discharging" in states:
        return True
    return False if states <= _ON_MAINS else None


def _read(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="utf-8").strip()
    return ""
