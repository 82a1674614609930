"""Runs attempts, each in a process of its own, and tells what they printed. Standard library only: it runs anywhere.

python -I -S cell.py plain < attempts.json        with the means of an ordinary program
python -I cell.py locked < attempts.json          locked as a document worker is
"""

import atexit
import contextlib
import ctypes
import importlib
import json
import os
import select
import signal
import sys
import time
import traceback

MOST_OUTPUT = 6 << 20
LIBRARY = """
    asyncio cProfile code concurrent.futures.process fcntl glob gzip http.client http.server importlib.machinery
    importlib.util io linecache logging.config logging.handlers marshal mmap multiprocessing.connection
    multiprocessing.popen_fork multiprocessing.shared_memory pathlib pdb pickle posix pty py_compile re resource runpy
    shutil smtplib socket sqlite3 stat struct subprocess tarfile tempfile threading types urllib.request webbrowser
    zipfile zlib _xxsubinterpreters faulthandler
"""
"""Imported before the lock, so that no attempt fails for want of a module that it could have used."""


def variables(given):
    """Return what an attempt finds defined."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = libc.mmap.restype = ctypes.c_long
    numbers = given.get("numbers", {})

    def syscall(name, *arguments):
        number = numbers[name] if isinstance(name, str) else name
        longs = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
        result = libc.syscall(ctypes.c_long(number), *longs)
        if result < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return result

    token = given["token"].encode()
    return {
        "os": os,
        "ctypes": ctypes,
        "libc": libc,
        "syscall": syscall,
        **given,
        "token": token,
        "__name__": "attempt",
    }


def attempt(code, given):
    """Run the code of an attempt, and what it left to be run at the end."""
    names = variables(given)
    try:
        exec(compile(code, "<attempt>", "exec"), names)  # noqa: S102 -- that is the test
        atexit._run_exitfuncs()
    except BaseException:  # noqa: BLE001 -- an attempt may end in any way
        with contextlib.suppress(BaseException):
            traceback.print_exc()


def start(job, mode):
    """Start an attempt in a child, and return the child's number and where its output comes from."""
    into, out = os.pipe()
    pid = os.fork()
    if pid:
        os.close(out)
        return pid, into
    try:
        os.dup2(out, 1)
        os.dup2(out, 2)
        if mode == "locked":
            os.closerange(3, 1024)  # as a worker is started: with no descriptor of the program's
            lock_up()
        attempt(job["code"], job["variables"])
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    finally:
        _leave(0)


_leave = os._exit


def lock_up():
    """Lock this process as a document worker locks itself."""
    from desktop_agent.sandbox.document_worker import CPU_SECONDS, MEMORY_MB
    from desktop_agent.sandbox.limits import Limits
    from desktop_agent.sandbox.lock import lock

    lock("document", Limits(cpu_seconds=CPU_SECONDS, memory_mb=MEMORY_MB))


def finish(pid, into, deadline):
    """Return what a child printed and whether it had to be killed."""
    data, killed = b"", False
    with os.fdopen(into, "rb", buffering=0) as stream:
        while len(data) < MOST_OUTPUT:
            ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                killed = not os.waitpid(pid, os.WNOHANG)[0]
                break
            more = stream.read(1 << 16)
            if not more:
                break
            data += more
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
    return {"output": data.decode("utf-8", "replace"), "killed": killed}


def main():
    """Run all jobs of standard input; those that are slow at the same time."""
    mode = sys.argv[-1]
    jobs = json.load(sys.stdin)
    for name in LIBRARY.split():
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if mode == "locked":
        importlib.import_module("desktop_agent.sandbox.document_worker")
    elif os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        if libc.unshare(0x20000) == 0:  # so that a mount that works is gone with this process
            libc.mount(b"none", b"/", None, 0x44000, None)
    results = {}
    for job in jobs:
        if not job["slow"]:
            results[job["name"]] = finish(*start(job, mode), time.monotonic() + job["seconds"])
    slow = [(job, start(job, mode)) for job in jobs if job["slow"]]
    deadline = time.monotonic() + max((job["seconds"] for job, _ in slow), default=0)
    results.update({job["name"]: finish(*started, deadline) for job, started in slow})
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
