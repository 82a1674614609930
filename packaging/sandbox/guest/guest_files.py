"""Files that live as long as the run: those that came with it, and what the code writes. There are no others."""

import builtins
import io
import os
import posixpath

_given: dict[str, bytes] = {}
_written: dict[str, bytes] = {}
_exists, _isfile, _open = os.path.exists, os.path.isfile, io.open


class File(io.BytesIO):
    """One opened file; what is written into it is kept when it is flushed or closed."""

    def __init__(self, name: str, mode: str) -> None:
        super().__init__(b"" if set(mode) & set("wx") else _content(name))
        self.name, self._mode = name, mode
        if "a" in mode:
            self.seek(0, io.SEEK_END)

    def readable(self) -> bool:
        """Whether it was opened to be read."""
        return bool(set(self._mode) & set("r+"))

    def writable(self) -> bool:
        """Whether it was opened to be written."""
        return bool(set(self._mode) & set("wax+"))

    def write(self, data: bytes) -> int:
        """Write bytes."""
        if not self.writable():
            raise io.UnsupportedOperation("not writable")
        return super().write(data)

    def flush(self) -> None:
        """Keep what was written so far."""
        if not self.closed and self.writable():
            _written[_path(self.name)] = self.getvalue()

    def close(self) -> None:
        """Keep what was written."""
        self.flush()
        super().close()


def install() -> None:
    """Let the code find these files by the usual ways."""
    builtins.open = io.open = open_file
    os.path.exists = lambda path: _found(path) is not None or _exists(path)
    os.path.isfile = lambda path: _found(path) is not None or _isfile(path)
    os.listdir = lambda path=".": names()
    os.remove = os.unlink = _remove


def give(files: object) -> None:
    """Take the files that came with a run: {path: text}."""
    if isinstance(files, dict):
        _given.update({_path(str(name)): str(text).encode("utf-8", "replace") for name, text in files.items()})


def names() -> list[str]:
    """Return the names of the files there are, without folders."""
    return sorted({*map(posixpath.basename, (*_given, *_written))})


def written() -> list[str]:
    """Return the names of the files that the code wrote and left."""
    return sorted(_written)


def open_file(  # noqa: PLR0913, PLR0917 -- as the built-in function
    file: object,
    mode: str = "r",
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool = True,
    opener: object = None,
) -> io.IOBase:
    """Open a file of this run, as the built-in function does."""
    if isinstance(file, int):
        return _open(file, mode, buffering, encoding, errors, newline, closefd)
    name = os.fspath(file)
    name = name.decode() if isinstance(name, bytes) else name
    if "x" in mode and _found(name) is not None:
        raise FileExistsError(17, "File exists", name)
    if "r" in mode and _found(name) is None:
        raise FileNotFoundError(2, "No such file or directory", name)
    opened = File(name, mode.replace("b", "").replace("t", ""))
    if "w" in mode:
        opened.flush()
    return opened if "b" in mode else io.TextIOWrapper(opened, encoding or "utf-8", errors, newline)


def _content(name: str) -> bytes:
    return _found(name) or b""


def _found(path: object) -> bytes | None:
    """Return what is in a file; one that came with the run is known by its mere name too."""
    if not isinstance(path, str | os.PathLike):
        return None
    name = _path(os.fspath(path))
    alike = [known for known in _given if posixpath.basename(known) == name]
    for files, key in ((_written, name), (_given, name), (_given, alike[0] if len(alike) == 1 else name)):
        if key in files:
            return files[key]
    return None


def _remove(path: object) -> None:
    if _written.pop(_path(os.fspath(path)), None) is None:
        raise FileNotFoundError(2, "No such file or directory", path)


def _path(name: str) -> str:
    return posixpath.normpath(name)
