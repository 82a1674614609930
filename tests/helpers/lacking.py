"""Runs the self-test and the tools' processes where a system call fails; prints what came of it as JSON.

python -m tests.helpers.lacking CALL ERRNO PYTHON_SANDBOX DOCUMENT
"""

import json
import os
import platform
import sys
from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox.documents import DocumentReader
from desktop_agent.sandbox.python import PythonSandbox
from desktop_agent.sandbox.selftest import SelfTest
from tests.helpers.bpf import refuse_here

_ROWS = (Path(__file__).parents[2] / "packaging/sandbox/system_calls.txt").read_text("utf-8").splitlines()
NUMBERS = {row.split()[0]: row.split()[{"x86_64": 1, "aarch64": 2}[platform.machine()]] for row in _ROWS}


def main(call: str, error: int, sandbox: Path, document: Path) -> None:
    """Take the call away, then try everything."""
    python = PythonSandbox(sandbox)
    refuse_here(int(NUMBERS[call]), error)
    layers = {layer.name: [layer.state, layer.detail] for layer in SelfTest(python).run()}
    print(json.dumps({"layers": layers, "python": _code(python), "document": _document(document)}))
    python.close()


def _code(python: PythonSandbox) -> str:
    try:
        return f"ran: {python.run('6 * 7').value}"
    except UserFacingError as refusal:
        return str(refusal)


def _document(path: Path) -> str:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return f"read: {DocumentReader().read(descriptor, path.name).parts}"
    except UserFacingError as refusal:
        return str(refusal)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
