"""A program that sets a passphrase and dies at each step in turn, to see whether the key survives.

Argument: an empty folder. Prints how many steps there were; fails when the key is lost after one of them.
"""

import itertools
import os
import signal
import sys
from pathlib import Path

from desktop_agent.paths import Paths
from desktop_agent.settings import sealing
from desktop_agent.settings.secrets import open_key, set_passphrase

PASSPHRASE = "correct horse"


def main(folder: Path) -> None:
    """Die before the first use of a file in the home, then before the second, and so on until none is left."""
    sealing.COST = 2**7
    for step in itertools.count(1):
        paths = Paths(folder / str(step), folder).create()
        key = open_key(paths)
        survived = _run(paths, step)
        assert open_key(paths, lambda: PASSPHRASE).value == key.value, f"the key is lost at step {step}"
        set_passphrase(paths, PASSPHRASE, lambda: PASSPHRASE)
        assert open_key(paths, lambda: PASSPHRASE).value == key.value
        assert not paths.key_file.exists(), f"the key file is left at step {step}"
        if survived:
            print(step - 1)
            return


def _run(paths: Paths, step: int) -> bool:
    child = os.fork()
    if child == 0:
        die_at(step, str(paths.home))
        set_passphrase(paths, PASSPHRASE)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def die_at(step: int, home: str) -> None:
    """Let this process be killed before it uses a file in the folder for the step-th time."""
    steps = itertools.count(1)

    def count(event: str, arguments: tuple[object, ...]) -> None:
        is_step = event.startswith(("open", "os.")) and str(arguments[0]).startswith(home)
        if is_step and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
