"""The process that the model's code runs in: it loads the component, locks itself, and runs piece after piece."""

import sys
from collections.abc import Callable
from pathlib import Path

from desktop_agent.sandbox.child import serve
from desktop_agent.sandbox.component import ComponentMissing, NotCompiled
from desktop_agent.sandbox.frames import Message
from desktop_agent.sandbox.interpreter import Interpreter
from desktop_agent.sandbox.limits import Limits


def handler(folder: Path) -> Callable[[Message], Message]:
    """Return what answers requests; where the component cannot be loaded, each answer says so."""
    try:
        interpreter = Interpreter(folder)
    except ComponentMissing as fault:
        problem = str(fault)
        return lambda request: {"problem": problem}
    except NotCompiled:
        return lambda request: {"compile": True}

    def answer(request: Message) -> Message:
        asked = {"code": request["code"], "inputs": request["inputs"]}
        return interpreter.run(asked, request["seconds"], request["memory_mb"])

    return answer


if __name__ == "__main__":
    serve(handler(Path(sys.argv[1])), "python", Limits())
