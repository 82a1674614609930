"""The component and its machine code are what was built here, or nothing runs."""

import json
import os
import shutil
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox import component
from desktop_agent.sandbox.python import PythonSandbox


@pytest.fixture
def copy(python_folder: Path, tmp_path: Path) -> Path:
    """A component that may be damaged; links, so that it costs no room, until a file is replaced."""
    folder = tmp_path / "python"
    folder.mkdir()
    for file in python_folder.iterdir():
        if file.is_file():
            (folder / file.name).symlink_to(file)
    return folder


def flip(file: Path) -> None:
    """Change one byte in the middle of a file, of which the folder then has its own copy."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.unlink()
    file.write_bytes(data)


def refusal(folder: Path) -> str:
    sandbox = PythonSandbox(folder)
    try:
        with pytest.raises(UserFacingError) as caught:
            sandbox.run("1")
        assert sandbox.problem() == str(caught.value)
        return str(caught.value)
    finally:
        sandbox.close()


def machine_code(folder: Path) -> Path:
    return next(folder.glob("*.cwasm"))


def test_a_changed_component_is_not_run(copy: Path) -> None:
    flip(copy / component.WASM)
    assert refusal(copy) == "The Python sandbox was changed or damaged, so it is not used. Run: make sandbox"


def test_a_component_with_another_pin_is_not_run(copy: Path) -> None:
    pin = json.loads((copy / component.PIN).read_bytes())
    (copy / component.PIN).unlink()
    (copy / component.PIN).write_text(json.dumps({**pin, "wasm": "0" * 64}))
    assert "was changed or damaged" in refusal(copy)


@pytest.mark.parametrize("pin", [b"", b"[]", b"{", b'{"wasm": 1, "evil": 2}'])
def test_a_component_without_a_pin_is_not_run(copy: Path, pin: bytes) -> None:
    (copy / component.PIN).unlink()
    (copy / component.PIN).write_bytes(pin)
    assert refusal(copy) == "The Python sandbox is not installed. Run: make sandbox"


def test_a_missing_component_is_said_without_starting_anything(tmp_path: Path) -> None:
    sandbox = PythonSandbox(tmp_path / "none")
    assert sandbox.problem() == "The Python sandbox is not installed. Run: make sandbox"
    assert refusal(tmp_path / "none") == sandbox.problem()
    sandbox.close()


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A component that can do nothing; its machine code is made in no time."""
    from wasmtime import wat2wasm

    folder = tmp_path / "tiny"
    component.keep(folder, bytes(wat2wasm("(component)")), "sources")
    component.compile_here(folder)
    return folder


def test_changed_machine_code_is_not_run_but_made_again(tiny: Path) -> None:
    component.load(tiny, component.engine())
    before = machine_code(tiny).read_bytes()
    flip(machine_code(tiny))
    with pytest.raises(component.NotCompiled):
        component.load(tiny, component.engine())
    assert "does not start" in refusal(tiny)  # as nothing in it can be called
    assert machine_code(tiny).read_bytes() == before
    component.load(tiny, component.engine())


def test_machine_code_of_another_version_is_made_again(tiny: Path) -> None:
    for file in tiny.glob("compiled-*"):
        file.rename(file.with_name(file.name.replace("wasmtime", "").replace("-5", "-4")))
    with pytest.raises(component.NotCompiled):
        component.load(tiny, component.engine())
    component.compile_here(tiny)
    assert len(list(tiny.glob("*.cwasm"))) == 1


def test_code_in_the_place_of_machine_code_is_not_loaded(tiny: Path) -> None:
    machine_code(tiny).write_bytes(b"\x7fELF" + os.urandom(1000))
    with pytest.raises(component.NotCompiled):
        component.load(tiny, component.engine())


def test_machine_code_that_cannot_be_kept(tiny: Path) -> None:
    file = machine_code(tiny)
    file.unlink()
    (tiny / f"{file.name}.new" / "in the way").mkdir(parents=True)
    assert "cannot be prepared" in refusal(tiny)


def test_what_is_kept_is_pinned(tmp_path: Path) -> None:
    component.keep(tmp_path / "new", b"\0asm", "sources")
    assert component.verify(tmp_path / "new").sources == "sources"
    shutil.rmtree(tmp_path / "new")
    assert component.pinned(tmp_path / "new") == component.Pin()
