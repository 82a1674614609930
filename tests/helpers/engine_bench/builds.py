"""Gets the peers: each is fetched or built once, into a cache outside the repository.

Run as a program it gets them all beforehand: python -m tests.helpers.engine_bench.builds [peer,peer]
"""

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
import venv
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import platformdirs

GPT4ALL = "2.8.2"
NODE_LLAMA_CPP = "~3.22.0"
CACHE_VARIABLE = "DESKTOP_AGENT_BENCH_CACHE"
_NICE = 5
_TARGETS = ("llama-bench", "llama-server")
_LLAMA_OPTIONS = {
    "CMAKE_BUILD_TYPE": "Release",
    "BUILD_SHARED_LIBS": "ON",  # as in the Python package
    "GGML_NATIVE": "ON",
    "LLAMA_BUILD_TOOLS": "ON",
    "LLAMA_BUILD_SERVER": "ON",
    "LLAMA_BUILD_TESTS": "OFF",
    "LLAMA_BUILD_EXAMPLES": "OFF",
    "LLAMA_BUILD_APP": "OFF",
    "LLAMA_BUILD_UI": "OFF",
    "LLAMA_USE_PREBUILT_UI": "OFF",
    "LLAMA_OPENSSL": "OFF",
}
_KEEPS_STORES = "-fno-dse -fno-tree-dse"
_GOOD_GCC = 15
"""GCC before this version believes that loading a tile configuration reads 8 of its 64 bytes, and drops the stores of
the rest. llama.cpp's AMX kernels, its default on processors that have AMX, then die of an illegal instruction."""
_WITHOUT = "no --peers of that name can be measured"


class PeerMissing(Exception):
    """A peer cannot be had on this machine; the text says why."""


def cache() -> Path:
    """Return the folder that holds the peers and the synthetic model."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_cache_path("desktop-agent-bench")


def llama_cpp() -> Path:
    """Return the folder with llama-bench and llama-server, of the very llama.cpp inside our llama-cpp-python."""
    release = version("llama-cpp-python")
    return once(cache() / f"llama.cpp-{release}", lambda folder: _build_llama_cpp(folder, release)) / "build" / "bin"


def gpt4all() -> Path:
    """Return the interpreter of an environment with gpt4all."""
    return _python(once(cache() / f"gpt4all-{GPT4ALL}", lambda folder: _environment(folder, f"gpt4all=={GPT4ALL}")))


def node_llama_cpp() -> Path:
    """Return the folder in which Node.js finds node-llama-cpp with its prebuilt library."""
    return once(cache() / f"node-llama-cpp-{NODE_LLAMA_CPP.strip('~')}", _install_node)


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Make the folder unless it is complete; one that was left half made is made again."""
    ready = folder / ".ready"
    if ready.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _say(f"Getting {folder.name} ...")
    started = time.monotonic()
    make(folder)
    ready.touch()
    _say(f"{folder.name} is there after {time.monotonic() - started:.0f} s.")
    return folder


def _build_llama_cpp(folder: Path, release: str) -> None:
    source = _source(folder, release) / "vendor" / "llama.cpp"
    cmake, build = _cmake(), folder / "build"
    options = [f"-D{name}={value}" for name, value in {**_LLAMA_OPTIONS, **_compiler_flags()}.items()]
    _run([cmake, "-S", str(source), "-B", str(build), *options])
    _run([cmake, "--build", str(build), "--parallel", str(os.cpu_count() or 1), "--target", *_TARGETS])
    shutil.rmtree(folder / "source")


def _compiler_flags() -> dict[str, str]:
    """Return the flags without which what this machine's compiler makes would crash."""
    compiler = shutil.which("cc")
    if not compiler or platform.machine() not in {"x86_64", "AMD64"}:
        return {}
    if "Free Software Foundation" not in _output(compiler, "--version"):
        return {}
    if int(_output(compiler, "-dumpversion").split(".")[0]) >= _GOOD_GCC:
        return {}
    return {f"CMAKE_{language}_FLAGS": _KEEPS_STORES for language in ("C", "CXX")}


def _output(*command: str) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def _source(folder: Path, release: str) -> Path:
    """Fetch and unpack the source package."""
    package = f"llama-cpp-python=={release}"
    _pip(sys.executable, "download", "--no-deps", "--no-binary", ":all:", "--dest", str(folder), package)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "source", filter="data")
    archive.unlink()
    (source,) = (folder / "source").iterdir()
    return source


def _cmake() -> str:
    """Return the machine's CMake, else one from the package index."""
    found = shutil.which("cmake")
    if found:
        return found
    return str(_python(once(cache() / "cmake", lambda folder: _environment(folder, "cmake"))).with_name("cmake"))


def _environment(folder: Path, package: str) -> None:
    venv.create(folder, with_pip=True)
    _pip(str(_python(folder)), "install", package)


def _install_node(folder: Path) -> None:
    """Scripts stay unrun: they would look for a compiler or fetch a release; the prebuilt library is a package."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise PeerMissing("Node.js is not installed")
    (folder / "package.json").write_text('{"name": "bench", "private": true, "type": "module"}\n', encoding="utf-8")
    _run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", f"node-llama-cpp@{NODE_LLAMA_CPP}"], folder)


def _python(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _pip(python: str, *arguments: str) -> None:
    _run([python, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", *arguments])


def _run(command: list[str], folder: Path | None = None) -> None:
    """Run at low priority; what it printed is shown only when it fails."""
    gentle = ["nice", "-n", str(_NICE), *command] if shutil.which("nice") else command
    done = subprocess.run(gentle, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        _say(done.stdout[-4000:])
        raise PeerMissing(f"{Path(command[0]).name} failed with status {done.returncode}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(names: str = "llama_cpp,gpt4all,node_llama_cpp") -> None:
    """Get the peers beforehand."""
    for name in names.split(","):
        try:
            print(f"{name}: {globals()[name]()}")
        except PeerMissing as error:
            print(f"{name}: {error}; {_WITHOUT}")


if __name__ == "__main__":
    main(*sys.argv[1:])
