"""Where the window stood, kept between runs. Nothing personal is in it."""

import json
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter

from desktop_agent import durable

SIZE = (1120, 780)
SIDEBAR = 264


class Placement:
    """A small file beside the settings."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def restore(self, window: QMainWindow, splitter: QSplitter) -> None:
        """Put the window where it was; what cannot be read is as if it were not there."""
        window.resize(*SIZE)
        splitter.setSizes([SIDEBAR, SIZE[0] - SIDEBAR])
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            window.restoreGeometry(QByteArray.fromHex(kept["window"].encode()))
            splitter.restoreState(QByteArray.fromHex(kept["splitter"].encode()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return

    def keep(self, window: QMainWindow, splitter: QSplitter) -> None:
        """Remember where the window is."""
        kept = {"window": _hex(window.saveGeometry()), "splitter": _hex(splitter.saveState())}
        try:
            durable.write(self._file, json.dumps(kept).encode())
        except OSError:
            return  # a full disk must not keep the window from closing


def _hex(data: QByteArray) -> str:
    return data.toHex().data().decode()
