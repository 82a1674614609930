"""The scripts under `make run`, on machines played by a folder of commands."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[3] / "packaging"
APT = '#!/bin/sh\necho "apt-get $*" >>"$LOG"\ncase "$*" in *install*) touch "$LOG.installed" ;; esac\n'
LDCONFIG = '#!/bin/sh\nfor name in {names}; do printf "\\t%s (libc6,x86-64) => /x\\n" "$name"; done\n'
CURSOR = "libxcb-cursor.so.0"

OUTER_MAKE = ("MAKE", "MFLAGS", "VENV", "PYTHON")
"""What `make test VENV=… PYTHON=…` hands down to the tests it runs."""


def libraries() -> list[str]:
    text = (PACKAGING / "system-packages.sh").read_text()
    words = text.partition("window_libraries='")[2].partition("'")[0].split()
    return [word.partition("=")[0] for word in words]


class Machine:
    """A computer whose only commands are those in one folder."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.log = folder / "bin", folder / "log"
        self.bin.mkdir()
        for name in ("sh", "dirname", "env", "touch", "true"):
            self.bin.joinpath(name).symlink_to(str(shutil.which(name)))
        for name in ("g++", "dbus-daemon", "gnome-keyring-daemon", "npm", "bwrap", "python3"):
            self.add(name)
        self.add("id", "#!/bin/sh\necho 1000\n")
        self.add("ldconfig", LDCONFIG.format(names=" ".join(libraries())))

    def add(self, name: str, script: str = "#!/bin/sh\n") -> None:
        path = self.bin / name
        path.write_text(script)
        path.chmod(0o755)

    def lose_library(self, name: str) -> None:
        """Until something is installed."""
        rest = " ".join(other for other in libraries() if other != name)
        script = LDCONFIG.format(names=rest) + f'[ ! -e "$LOG.installed" ] || printf "\\t{name} (libc6) => /x\\n"\n'
        self.add("ldconfig", script)

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.bin), "LOG": str(self.log)}
        command = [str(self.bin / "sh"), str(PACKAGING / script), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("purpose", ["run", "test"])
def test_nothing_missing_is_silent(machine: Machine, purpose: str) -> None:
    ran = machine.run("system-packages.sh", purpose, "no-venv")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_a_missing_window_library_is_told_but_stops_nothing(machine: Machine) -> None:
    machine.add("apt-get", APT)
    machine.lose_library(CURSOR)
    ran = machine.run("system-packages.sh", "run", "no-venv")
    assert ran.returncode == 0
    assert "sudo apt-get update && sudo apt-get install -y libxcb-cursor0\n" in ran.stderr
    assert not machine.log.exists(), "nothing is installed without the right to"


def test_without_bubblewrap_only_servers_are_off(machine: Machine) -> None:
    (machine.bin / "bwrap").unlink()
    ran = machine.run("system-packages.sh", "run", "no-venv")
    assert ran.returncode == 0
    assert "MCP servers are off until this is installed" in ran.stderr
    assert "bubblewrap\n" in ran.stderr
    assert machine.run("system-packages.sh", "test", "no-venv").returncode == 1


def test_the_tests_need_the_library(machine: Machine) -> None:
    machine.lose_library(CURSOR)
    ran = machine.run("system-packages.sh", "test", "no-venv")
    assert ran.returncode == 1
    assert "Install what corresponds to these Debian packages: libxcb-cursor0\n" in ran.stderr


def test_root_installs_it(machine: Machine) -> None:
    machine.add("apt-get", APT)
    machine.add("id", "#!/bin/sh\necho 0\n")
    machine.lose_library(CURSOR)
    ran = machine.run("system-packages.sh", "test", "no-venv")
    assert (ran.returncode, ran.stderr) == (0, "Installing system packages: libxcb-cursor0\n")
    calls = machine.log.read_text().splitlines()
    assert len(calls) == 1, "the package lists are only fetched when the first try fails"
    assert calls[0].endswith("install --no-install-recommends libxcb-cursor0")


def test_old_package_lists_are_renewed(machine: Machine) -> None:
    failing = '[ -e "$LOG.updated" ] || case "$*" in *update*) touch "$LOG.updated" ;; *) exit 100 ;; esac\n'
    machine.add("apt-get", APT.replace("case", failing + "case", 1))
    machine.add("sudo", '#!/bin/sh\nshift\nexec "$@"\n')
    machine.lose_library(CURSOR)
    assert machine.run("system-packages.sh", "run", "no-venv").returncode == 0
    assert [call.split()[2] for call in machine.log.read_text().splitlines()] == ["-o", "update", "-o"]


def test_without_a_compiler_nothing_can_be_built(machine: Machine) -> None:
    (machine.bin / "g++").unlink()
    ran = machine.run("system-packages.sh", "run", "no-venv")
    assert ran.returncode == 1
    assert "These system packages are needed first:\n" in ran.stderr
    assert " g++\n" in ran.stderr


def test_a_python_that_cannot_make_environments(machine: Machine) -> None:
    machine.add("python3", '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1 ;; esac\n')
    ran = machine.run("system-packages.sh", "run", "no-venv")
    assert ran.returncode == 1
    assert " python3-venv\n" in ran.stderr


def test_the_first_python_that_fits_is_taken(machine: Machine) -> None:
    machine.add("python3", "#!/bin/sh\nexit 1\n")
    machine.add("python3.12")
    assert machine.run("find-python.sh").stdout == "python3.12\n"


def test_no_python_that_fits(machine: Machine) -> None:
    machine.add("python3", "#!/bin/sh\nexit 1\n")
    ran = machine.run("find-python.sh", "python3")
    assert ran.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13, and python3 is none of them" in ran.stderr


@pytest.fixture
def make(tmp_path: Path):
    """Run make with an environment that is ready and whose program repeats what it reads."""
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    program = '#!/bin/sh\nif [ "$1" = models ]; then cat; echo "chatter of $*"; else echo "answer to $(cat)"; fi\n'
    (venv / "bin" / "desktop-agent").write_text(program)
    for path in (venv / "bin" / "desktop-agent", venv / "bin" / "python", venv / ".ready-"):
        path.touch(0o755)
        path.chmod(0o755)

    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = ["make", *arguments, f"VENV={venv}"]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(OUTER_MAKE)}
        return subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            cwd=PACKAGING.parent,
            env=clean,
            timeout=60,
            check=False,
        )

    return run


def test_a_question_reaches_the_program_and_only_the_answer_comes_out(make) -> None:
    ran = make("run", given="What is the capital of France?")
    assert (ran.returncode, ran.stdout) == (0, "answer to What is the capital of France?\n")
    assert ran.stderr == "chatter of models pull --quiet starter embedder\n"


def test_make_alone_helps(make) -> None:
    assert make().stdout.startswith("make run ")
