"""Is there a screen to open a window on?"""

import os
import re
import socket
import sys
from pathlib import Path


def exists() -> bool:
    """Return whether a window can be shown. Asks the server itself: Qt aborts when a DISPLAY that is set is dead."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return _wayland_answers() or _x11_answers()


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    return bool(name) and (Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / str(name)).is_socket()


def _x11_answers() -> bool:
    display = re.fullmatch(r"(unix)?:(\d+)(\.\d+)?", os.environ.get("DISPLAY", ""))
    if not display:
        return bool(os.environ.get("DISPLAY"))  # on another machine: let Qt try
    path = f"/tmp/.X11-unix/X{display[2]}"  # noqa: S108 -- where X servers listen
    return any(_listens(address) for address in (path, f"\0{path}"))


def _listens(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(address) == 0
