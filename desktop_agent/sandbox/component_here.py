"""Makes the component's machine code in a process of its own: the engine's compiler takes memory and all cores."""

import subprocess
import sys
import threading
from pathlib import Path

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.sandbox import component
from desktop_agent.sandbox.process import command, environment

_LOOK_SECONDS = 0.1


def compile_apart(folder: Path, stop: threading.Event) -> None:
    """Make the machine code, in some seconds. Raises UserFacingError, Cancelled."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command(__name__, [str(folder)]), stdin=subprocess.DEVNULL, stderr=pipe, env=environment(), text=True
    ) as process:
        while process.poll() is None:
            if stop.wait(_LOOK_SECONDS) or stop.is_set():
                process.kill()
                raise Cancelled
        if process.returncode:
            said = process.stderr.read(1000).strip() if process.stderr else ""
            raise UserFacingError(said or "The Python sandbox cannot be prepared.")


if __name__ == "__main__":
    try:
        component.compile_here(Path(sys.argv[1]))
    except UserFacingError as fault:
        sys.exit(str(fault))
