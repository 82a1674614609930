"""What the code may import. It is loaded when the component is built: afterwards there is nothing to load from."""

import builtins
import gc
import importlib
import io
import os
import random
import sys
import time

import guest_figures
import guest_files
import guest_loop
import guest_threads
import guest_zones

MODULES = """
    __future__ _strptime abc annotationlib argparse array ast asyncio atexit base64 bdb binascii bisect builtins
    cProfile calendar cmath cmd code codecs collections collections.abc colorsys compression.gzip
    compression.zlib concurrent.futures concurrent.futures.thread configparser contextlib contextvars copy
    copyreg csv dataclasses datetime dateutil dateutil.parser dateutil.relativedelta dateutil.rrule decimal
    difflib dis doctest email email.message email.mime.text email.parser email.policy encodings.ascii
    encodings.cp1252 encodings.idna encodings.latin_1 encodings.punycode encodings.unicode_escape
    encodings.utf_16 encodings.utf_32 encodings.utf_8_sig enum errno filecmp fileinput fnmatch fractions ftplib
    functools gc getopt getpass glob graphlib gzip hashlib heapq hmac html html.entities html.parser http
    http.client imaplib importlib.metadata importlib.resources importlib.util inspect io ipaddress itertools
    json keyword linecache locale logging logging.handlers marshal math matplotlib.pyplot mimetypes netrc
    numbers operator optparse os os.path pathlib pdb pickle pickletools pkgutil platform plistlib pprint profile
    pstats pyclbr queue quopri random re reprlib runpy sched secrets select selectors shlex shutil signal socket
    sqlite3 stat statistics string string.templatelib stringprep struct subprocess symtable sys sysconfig
    tabulate tarfile tempfile textwrap threading time timeit token tokenize tomllib traceback tracemalloc types
    typing unicodedata unittest unittest.mock urllib.error urllib.parse urllib.request uuid warnings weakref
    wsgiref.headers xml.dom.minidom xml.etree.ElementTree zipapp zipfile zlib zoneinfo
"""
"""The list is what is allowed: a module that is not in it, nor imported by one that is, cannot be imported."""


def prepare() -> None:
    """Load everything, when the component is built."""
    for name in MODULES.split():
        importlib.import_module(name)
    guest_zones.keep()
    guest_loop.install()
    guest_threads.install()
    guest_files.install()
    time.sleep = _sleep
    builtins.show_table = guest_figures.show_table
    builtins.show_chart = guest_figures.show_chart
    builtins.input = _no_input
    os.environ.clear()
    sys.path.clear()
    sys.dont_write_bytecode = True
    gc.collect()
    gc.freeze()  # a collection would touch, and so copy, the memory of all that was loaded


def begin() -> None:
    """Make what was frozen fresh, when an instance starts: the chance, and where printed text goes."""
    random.seed()
    sys.argv = ["code.py"]
    print_to_host()


def print_to_host() -> None:
    """Let what is printed go to the host, whatever the code did with sys.stdout."""
    if not sys.stdout.closed:
        sys.stdout.flush()
    host = io.BufferedWriter(io.FileIO(1, "w", closefd=False))
    sys.stdout = sys.stderr = io.TextIOWrapper(host, "utf-8", "backslashreplace", line_buffering=True)


_wait = time.sleep
_NAP = 0.05


def _sleep(seconds: float) -> None:
    """Wait in short naps: only between them can the host end the run and keep what it printed."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    end = time.monotonic() + seconds
    _wait(0)
    while (left := end - time.monotonic()) > 0:
        _wait(min(_NAP, left))


def _no_input(prompt: object = "") -> str:
    raise RuntimeError(f"input() cannot ask anybody here ({prompt}): put the value into the code")
