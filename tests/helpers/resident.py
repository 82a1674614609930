"""Loads a model file as the program does and says how much memory that took.

    python -m tests.helpers.resident FILE CONTEXT SETTINGS [GROUP]

SETTINGS is JSON for EngineSettings; with GROUP the process first goes into that control group.
"""

import json
import os
import sys
import threading
from pathlib import Path

from desktop_agent.llm.engine import Engine
from desktop_agent.llm.loaded import Plan
from desktop_agent.llm.native import library
from desktop_agent.llm.protocol import Request
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.messages import Message


def resident() -> int:
    """Return this process's resident bytes."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Print the bytes that were resident more after an answer than before the load."""
    path, context, settings = Path(sys.argv[1]), int(sys.argv[2]), EngineSettings(**json.loads(sys.argv[3]))
    for group in sys.argv[4:]:
        Path(group, "cgroup.procs").write_text(str(os.getpid()), "ascii")
    library()
    before = resident()
    engine = Engine.load(path, plan=Plan(context, settings))
    request = Request((Message("user", "word " * min(150, context // 4)),), max_tokens=4)
    for _event in engine.generate(request, threading.Event()):
        pass
    print(resident() - before)
    engine.close()


if __name__ == "__main__":
    main()
