"""Loads model files one after the other, each as the program does, and says how it went; a crash ends it.

python -m tests.helpers.load_each FILE...
"""

import json
import sys
import threading
from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.engine import Engine
from desktop_agent.llm.protocol import Request
from desktop_agent.messages import Message


def outcome(path: Path) -> str:
    """Return the sentence of a file that cannot be used, nothing for one that answered."""
    try:
        engine = Engine.load(path, context_tokens=512)
    except UserFacingError as error:
        return str(error)
    try:
        request = Request((Message("user", "Hello"),), max_tokens=3)
        for _event in engine.generate(request, threading.Event()):
            pass
    except UserFacingError as error:
        return str(error)
    finally:
        engine.close()
    return ""


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(json.dumps([name, outcome(Path(name))]), flush=True)
