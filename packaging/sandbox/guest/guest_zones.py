"""Time zones from memory: there are no files to read them from."""

import io
import zoneinfo
from importlib import resources
from zoneinfo import _common

_zones: dict[str, bytes] = {}


def keep() -> None:
    """Read every time zone of the package tzdata, when the component is built."""
    names = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    for name in names:
        *folders, file = name.split("/")
        _zones[name] = resources.files(".".join(("tzdata.zoneinfo", *folders))).joinpath(file).read_bytes()
    _common.load_tzdata = _load
    zoneinfo.available_timezones = lambda: set(_zones)


def _load(key: str) -> io.BytesIO:
    if key not in _zones:
        raise zoneinfo.ZoneInfoNotFoundError(f"No time zone found with key {key}")
    return io.BytesIO(_zones[key])
