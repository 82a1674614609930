"""Code that nobody has read: what it may do, and how each way to hurt ends."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from desktop_agent.errors import Cancelled
from desktop_agent.sandbox.interpreter import LONGEST_OUTPUT
from desktop_agent.sandbox.python import PythonRun, PythonSandbox
from tests.helpers.snippets import outputs, snippets

OTHERWISE = {"numpy", "calendar"}
"""There is no numpy; CPython before 3.12 writes the weekday of a calendar otherwise than 3.14 does."""


@pytest.fixture(scope="module")
def python(python_folder: Path) -> Iterator[PythonSandbox]:
    sandbox = PythonSandbox(python_folder)
    sandbox.run("")
    yield sandbox
    sandbox.close()


@pytest.fixture
def fragile(python_folder: Path) -> Iterator[PythonSandbox]:
    """One whose process may be lost."""
    sandbox = PythonSandbox(python_folder)
    yield sandbox
    sandbox.close()


def last_line(run: PythonRun) -> str:
    return run.error.splitlines()[-1] if run.error else ""


def latest_worker() -> psutil.Process:
    """Return the process of the one that started last."""
    found = [child for child in psutil.Process().children() if "desktop_agent.sandbox.python_worker" in child.cmdline()]
    return max(found, key=lambda child: child.create_time())


def test_it_prints_what_cpython_prints(python: PythonSandbox, tmp_path: Path) -> None:
    expected = outputs(tmp_path)
    other = {name for name, code in snippets().items() if python.run(code).output != expected[name]}
    assert len(expected) >= 60
    assert other <= OTHERWISE


def test_the_last_line_is_a_value(python: PythonSandbox) -> None:
    run = python.run("x = 20\nx * 2.1")
    assert (run.ok, run.value, run.output, run.error) == (True, 42.0, "42.0\n", "")


def test_values_go_in_and_come_out(python: PythonSandbox) -> None:
    inputs = {"rows": [{"a": 1}, {"a": None}], "word": "héllo 你好 \U0001f600", "files": {"d/x.csv": "a,b\n1,2\n"}}
    run = python.run("[rows, word, files, open('x.csv').read(), open('d/x.csv').readline()]", inputs)
    assert run.value == [*inputs.values(), "a,b\n1,2\n", "a,b\n"]


def test_nothing_is_left_over(python: PythonSandbox) -> None:
    python.run("import math, builtins\nmath.pi = 3\nbuiltins.left = 1\nopen('left.txt', 'w').write('x')")
    run = python.run("import os, math\n[math.pi > 3, 'left' in dir(__builtins__), os.path.exists('left.txt')]")
    assert run.value == [True, False, False]


def test_chance_is_fresh_in_each_run(python: PythonSandbox) -> None:
    assert python.run("import random; random.random()").value != python.run("import random; random.random()").value


def test_the_error_shows_the_lines_of_the_code(python: PythonSandbox) -> None:
    run = python.run("def half(x):\n    return x / 0\nprint('before')\nhalf(1)")
    assert run.output == "before\n"
    assert not run.ok
    assert 'File "<code>", line 4, in <module>' in run.error
    assert "return x / 0" in run.error
    assert "/python/" not in run.error
    assert last_line(run) == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import numpy", "There is no numpy here. Write the code again"),
        ("x = [", "SyntaxError: '[' was never closed"),
        ("input('name? ')", "input() cannot ask anybody here"),
        ("open('/etc/passwd')", "Files that can be opened: none."),
        ("import sys; sys.exit('no')", "SystemExit: no"),
        ("import socket; socket.create_connection(('127.0.0.1', 22))", "gaierror"),
        ("import subprocess; subprocess.run(['ls'])", "OSError"),
        ("import os; os.fork()", "AttributeError"),
        ("def f(n): return f(n + 1)\nf(0)", "RecursionError"),
        ("x = []\nwhile True: x.append('x' * 10**6)", "MemoryError"),
        ("'a' * 10**12", "OverflowError"),
    ],
)
def test_what_is_not_there_is_an_error_with_a_reason(python: PythonSandbox, code: str, error: str) -> None:
    run = python.run(code)
    assert not run.ok
    assert error in run.error


def test_there_is_nothing_of_this_computer_inside(python: PythonSandbox) -> None:
    code = "import os, sys\n[dict(os.environ), sys.path, sys.argv, os.path.exists('/etc'), os.listdir('/')]"
    assert python.run(code).value == [{}, [], ["code.py"], False, []]


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "10 ** (10**9)",
        "import re; re.match(r'(a+)+$', 'a' * 40 + 'b')",
        "import time; time.sleep(60)",
    ],
)
def test_time_ends_everything(fragile: PythonSandbox, code: str) -> None:
    fragile.run("")
    started = time.monotonic()
    run = fragile.run(f"print('so far')\n{code}", seconds=0.5)
    assert time.monotonic() - started < 15
    assert (run.ok, run.output) == (False, "so far\n")
    assert last_line(run).startswith("TimeoutError: the code took longer than 0.5 seconds")
    assert fragile.run("1").value == 1


def test_waiting_outside_of_the_code_is_ended_by_the_parent(fragile: PythonSandbox) -> None:
    fragile.run("")
    before = latest_worker()
    run = fragile.run("import guest_library\nguest_library._wait(60)", seconds=0.3)
    assert "TimeoutError" in run.error
    assert not before.is_running() or before.status() == psutil.STATUS_ZOMBIE
    assert fragile.run("1").value == 1


def test_memory_is_limited(python: PythonSandbox) -> None:
    big = "len(bytearray(100 * 2**20))"
    assert python.run(big, memory_mb=192).value == 100 * 2**20
    assert "MemoryError" in python.run(big, memory_mb=96).error


def test_stop_ends_a_run(fragile: PythonSandbox) -> None:
    cancel = threading.Event()
    timer = threading.Timer(0.5, cancel.set)
    timer.start()
    with pytest.raises(Cancelled):
        fragile.run("while True: pass", seconds=30, cancel=cancel)
    timer.join()
    assert fragile.run("1").value == 1


def test_depth_is_limited_in_the_interpreter_too(fragile: PythonSandbox) -> None:
    assert last_line(fragile.run("import json; json.loads('[' * 100_000)")).startswith("RecursionError: the code calls")
    assert fragile.run("1").value == 1


def test_a_flood_is_cut(python: PythonSandbox) -> None:
    run = python.run("for _ in range(20_000): print('x' * 200)\n'the end'")
    assert run.truncated
    assert run.ok
    assert len(run.output) == LONGEST_OUTPUT


def test_a_flood_at_once_is_cut(python: PythonSandbox) -> None:
    run = python.run("print('x' * 50_000_000)\nprint('x' * 50_000_000)\n'the end'")
    assert run.ok
    assert run.truncated
    assert run.output == "x" * LONGEST_OUTPUT


def test_long_text_is_printed_whole(python: PythonSandbox) -> None:
    assert python.run("print('a' * 50_000 + '!')").output == f"{'a' * 50_000}!\n"
    assert python.run("print('no line end', end='')").output == "no line end"


def test_what_would_drive_a_terminal_is_taken_out(python: PythonSandbox) -> None:
    code = (
        r"print('\x1b[31mred\x1b[0m\x07 \x1b]8;;http://evil/\x07link\x1b]8;;\x07\x1b]52;c;ZXZpbA==\x07 a\rb\0c \x9b2J')"
    )
    assert python.run(code).output == "red link a\nbc \n"


def test_bytes_that_are_no_text_do_no_harm(python: PythonSandbox) -> None:
    run = python.run(r"import sys; sys.stdout.buffer.write(b'\xff\xfe\0ok'); print('\ud800')")
    assert run.ok
    assert run.output == "\ufffd\ufffdok\\ud800\n"


@pytest.mark.parametrize("code", ["import sys; sys.stdout.close()", "import builtins; del builtins.print"])
def test_code_may_break_its_own_interpreter(python: PythonSandbox, code: str) -> None:
    python.run(code)
    assert python.run("print(1)").output == "1\n"


def test_a_worker_that_dies_is_replaced(fragile: PythonSandbox) -> None:
    fragile.run("")
    for death in (signal.SIGABRT, signal.SIGKILL):
        victim = latest_worker()
        timer = threading.Timer(0.6, victim.send_signal, [death])
        timer.start()
        run = fragile.run("while True: pass", seconds=20)
        timer.join()
        assert last_line(run).startswith("MemoryError: the interpreter was lost.")
        assert fragile.run("2").value == 2
    latest_worker().kill()
    time.sleep(0.3)
    assert fragile.run("3").value == 3


def test_its_process_is_locked(fragile: PythonSandbox) -> None:
    fragile.run("")
    assert {"wasm", "seccomp", "rlimits"} <= set(fragile.layers)
    for task in Path(f"/proc/{latest_worker().pid}/task").iterdir():
        status = (task / "status").read_text()
        assert "Seccomp:\t2" in status
        assert "NoNewPrivs:\t1" in status
    assert not latest_worker().environ().keys() & os.environ.keys() - {
        "PATH",
        "LANG",
        "PYTHONUTF8",
        "PYTHONDONTWRITEBYTECODE",
    }


def test_threads_take_turns(python: PythonSandbox) -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda n=n: found.append(python.run(f"{n} * 2").value)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, found)) == sorted(str(2 * n) for n in range(6))


def test_closing_ends_what_runs(python_folder: Path) -> None:
    sandbox = PythonSandbox(python_folder)
    sandbox.run("")
    process = latest_worker()
    timer = threading.Timer(0.3, sandbox.close)
    timer.start()
    with pytest.raises(Cancelled):
        sandbox.run("while True: pass", seconds=20)
    timer.join()
    assert not process.is_running()
    with pytest.raises(Cancelled):
        sandbox.run("1")


def test_starting_ahead(fragile: PythonSandbox) -> None:
    fragile.warm()
    fragile.warm()
    assert fragile.run("1").ok


def test_tables_and_charts(python: PythonSandbox) -> None:
    code = "show_chart('bar', {'Jan': 3, 'Feb': 5}, title='Rain', y_label='mm')"
    assert python.run(code).figure == {
        "kind": "chart",
        "type": "bar",
        "title": "Rain",
        "x_label": "",
        "y_label": "mm",
        "series": [{"name": "", "x": ["Jan", "Feb"], "y": [3, 5]}],
    }
    run = python.run("show_chart('line', [1, 2])\nshow_table([{'a': 1}, {'a': 2, 'b': 'x'}], title='T')")
    assert run.figure == {"kind": "table", "title": "T", "columns": ["a", "b"], "rows": [[1, None], [2, "x"]]}
    assert run.output == "[Of 2 figures only the last is shown: one for each run.]\n"


@pytest.mark.parametrize(
    ("call", "series"),
    [
        ("'line', [3, 4]", [{"name": "", "x": [0, 1], "y": [3, 4]}]),
        ("'scatter', [(1, 2), (3, 4.5)]", [{"name": "", "x": [1, 3], "y": [2, 4.5]}]),
        (
            "'line', {'a': [1, 2], 'b': [(0, 3), (5, 4)]}, x=['p', 'q']",
            [{"name": "a", "x": ["p", "q"], "y": [1, 2]}, {"name": "b", "x": [0, 5], "y": [3, 4]}],
        ),
        ("'line', [{'name': 'n', 'x': [1], 'y': [2]}]", [{"name": "n", "x": [1], "y": [2]}]),
        ("'pie', {'x': 1, 'y': 2}", [{"name": "", "x": ["x", "y"], "y": [1, 2]}]),
        ("'histogram', [1, 1, 2, float('nan')]", [{"name": "", "x": [], "y": [1, 1, 2, None]}]),
    ],
)
def test_the_ways_to_write_a_series(python: PythonSandbox, call: str, series: list[object]) -> None:
    run = python.run(f"show_chart({call})")
    assert run.error == ""
    assert run.figure["series"] == series


MATPLOTLIB = """
import matplotlib.pyplot as plt
plt.style.use("ggplot")
plt.figure(figsize=(8, 5))
plt.plot([1, 2, 3], [4, 5, 6], "o-", label="a", color="red")
plt.plot([1, 2, 3], [8, 10, 12], label="b")
plt.title("Growth")
plt.xlabel("year")
plt.ylabel("people")
plt.xticks(rotation=45)
plt.grid(True, alpha=0.3)
plt.legend()
plt.tight_layout()
plt.savefig("growth.png")
"""


def test_what_models_draw_with(python: PythonSandbox) -> None:
    run = python.run(MATPLOTLIB)
    assert run.output == "[growth.png was not saved: the chart is shown to the user instead.]\n"
    assert run.figure == {
        "kind": "chart",
        "type": "line",
        "title": "Growth",
        "x_label": "year",
        "y_label": "people",
        "series": [{"name": "a", "x": [1, 2, 3], "y": [4, 5, 6]}, {"name": "b", "x": [1, 2, 3], "y": [8, 10, 12]}],
    }


@pytest.mark.parametrize(
    ("drawn", "kind"),
    [
        ("fig, ax = plt.subplots(); ax.bar(['a', 'b'], [1, 2]); ax.set_title('B')", "bar"),
        ("plt.hist([1, 2, 2], bins=2); plt.show()", "histogram"),
        ("plt.pie([1, 2], labels=['x', 'y'], autopct='%1.1f%%'); plt.axis('equal')", "pie"),
        ("ax = plt.figure().add_subplot(111); ax.scatter([1, 2], [3, 4])", "scatter"),
    ],
)
def test_the_kinds_of_charts_that_models_draw(python: PythonSandbox, drawn: str, kind: str) -> None:
    run = python.run(f"import matplotlib.pyplot as plt\n{drawn}")
    assert run.error == ""
    assert run.figure["type"] == kind


def test_what_cannot_be_drawn_is_an_error(python: PythonSandbox) -> None:
    assert "only line, bar, scatter" in python.run("import matplotlib.pyplot as plt; plt.imshow([[1]])").error
