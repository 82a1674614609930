"""Pieces of code as models typically write them, and what CPython prints for each."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def snippets() -> dict[str, str]:
    """Return the pieces by name."""
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    parts = re.split(r"^### (.*)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def outputs(folder: Path) -> dict[str, str]:
    """Return what this computer's own CPython prints for each; it runs in `folder`."""

    def run(code: str) -> str:
        command = [sys.executable, "-I", "-X", "utf8", "-c", code]
        return subprocess.run(command, cwd=folder, capture_output=True, check=True, encoding="utf-8").stdout

    named = snippets()
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(named, pool.map(run, named.values()), strict=True))
