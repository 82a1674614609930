"""Which file a model is, and whether it may be loaded: what comes from elsewhere is tried before it is trusted."""

import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.models.known import Known
from desktop_agent.models.library import Library, Progress


class Origin:
    """Tells files apart by their SHA-256, and remembers in `folder` those that were tried."""

    def __init__(self, library: Library, folder: Path) -> None:
        self._library = library
        self._folder = folder

    def identity(self, path: Path) -> str:
        """Return a file's SHA-256 as far as it is known."""
        return self._library.identity(path) or self._known().known_sha256(path)

    def is_trusted(self, path: Path) -> bool:
        """Return whether a file is the catalogue's, compared with its checksum when it came, or was tried and held."""
        ours = (entry for entry in self._library.entries() if entry.sources and not entry.location)
        return any(self._library.path_of(entry) == path for entry in ours) or self._known().passed(path)

    def examine(self, path: Path, tell: Callable[[str], None], cancel: threading.Event | None) -> None:
        """Try a file that is not trusted in another process, and find out its SHA-256 where it is not known.

        Raises UserFacingError when it cannot be used, Cancelled soon after `cancel` is set.
        """
        from desktop_agent.llm.preflight import preflight

        if not self.is_trusted(path):
            tell(f"Trying {path.name} in a process of its own.")
            preflight(path, cancel)
            self._known().mark_passed(path)
        if not self.identity(path):
            self._hash(path, cancel)

    def _hash(self, path: Path, cancel: threading.Event | None) -> None:
        def check(_progress: Progress) -> None:
            if cancel and cancel.is_set():
                raise Cancelled

        try:
            self._known().sha256(path, check)
        except OSError as error:
            raise UserFacingError(
                f"The model file {path.name} cannot be read: {error.strerror}.", "Check the file, or fetch it again."
            ) from error

    def _known(self) -> Known:
        return Known(self._folder, version("llama-cpp-python"))
