"""The mark that a model is being loaded: what it leaves behind tells the next start that the load ended the program."""

from contextlib import suppress
from pathlib import Path

from desktop_agent import durable


class LoadingMark:
    """A small file that exists while a model is loaded. A mark that cannot be written or read is none."""

    def __init__(self, path: Path) -> None:
        """Read what the last process left."""
        self._path = path
        self._crashed = _read(path)

    def set(self, name: str) -> None:
        """Say on disk, before the load begins, that the model called so is being loaded."""
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            durable.write(self._path, name.encode())

    def clear(self) -> None:
        """Say that no load is going on; also ends what `crashed` tells."""
        self._crashed = ""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def crashed(self) -> str:
        """Return the name of the model during whose load the last process died; empty when there was none."""
        return self._crashed


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""
