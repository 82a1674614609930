"""A worker as those for documents are, but what it does is what an attempt wants.

attempt_worker.py MODULE…        imported before the lock, so that the attempt can use them
"""

import contextlib
import importlib
import io
import sys

from cell import attempt

from desktop_agent.sandbox.child import serve
from desktop_agent.sandbox.document_worker import CPU_SECONDS, MEMORY_MB
from desktop_agent.sandbox.limits import Limits


def handle(message):
    """Run an attempt and return what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        attempt(message["code"], message["variables"])
    return {"output": printed.getvalue()}


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    serve(handle, "document", Limits(cpu_seconds=CPU_SECONDS, memory_mb=MEMORY_MB))
