"""More than two hundred corrupted model files, each through all that the program does before it uses one.

Only a file that the program's own reader and the throw-away process have let through meets the engine; that happens in
one more process, whose death would be the program's.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.preflight import preflight
from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.gguf_file import read_head
from desktop_agent.models.library import Library
from desktop_agent.models.needs import Layout, needs, refuse_too_big
from desktop_agent.models.shape import Shape
from tests.helpers import random_gguf
from tests.helpers.corrupted_gguf import corrupted

LIMIT_SECONDS = 20.0
FREE = 2 << 30


def refusal(path: Path) -> str:
    """Return the sentence that the program has for a file before its engine sees it; none if it would load it."""
    try:
        found = Library(path.parent, Catalogue([])).find(path, role="chat")
        shape = Shape.of(read_head(found))
        refuse_too_big(path.name, shape, Layout(), FREE)
        preflight(found, seconds=LIMIT_SECONDS)
    except UserFacingError as error:
        return str(error)
    return ""


def check_sentence(name: str, sentence: str) -> None:
    assert name in sentence or "chat template" in sentence, sentence
    assert sentence.endswith((".", ")")) or "The engine says" in sentence, sentence
    assert len(sentence) < 800
    assert "\n" not in sentence
    assert "Traceback" not in sentence, sentence
    assert "Error" not in sentence, sentence


@pytest.mark.timeout(280)
def test_the_program_survives_each_of_them_with_a_sentence(tmp_path: Path) -> None:
    whole = random_gguf.write(tmp_path / "whole.gguf", "llama")
    assert refusal(whole) == ""
    count, refused, crashed, passed = 0, 0, 0, [whole]
    for name, data in corrupted(whole):
        path = tmp_path / f"{name}.gguf"
        path.write_bytes(data)
        start = time.monotonic()
        sentence = refusal(path)
        assert time.monotonic() - start < LIMIT_SECONDS, f"{name} takes too long"
        count += 1
        if not sentence:
            passed.append(path)
            continue
        check_sentence(path.name, sentence)
        refused, crashed = refused + 1, crashed + ("crashed the engine" in sentence)
        path.unlink()
    assert count >= 200
    assert refused >= 180
    assert crashed >= 3, "without files that crash llama.cpp this says nothing about the throw-away process"
    for path, sentence in loaded(passed).items():
        if sentence:
            check_sentence(path.name, sentence)
    assert loaded([whole]) == {whole: ""}


def loaded(paths: list[Path]) -> dict[Path, str]:
    """Return what the engine says of each file; it must not die of any."""
    command = [sys.executable, "-P", "-m", "tests.helpers.load_each", *map(str, paths)]
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), "GGML_NO_BACKTRACE": "1"}  # noqa: PTH109
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False, env=environment)
    told = {Path(name): sentence for name, sentence in map(json.loads, done.stdout.splitlines())}
    last = next((path for path in paths if path not in told), None)
    assert done.returncode == 0, f"{last} ended the program: {done.stderr[-2000:]}"
    return told


@pytest.mark.parametrize("part", [0.0001, 0.01, 0.02, 0.5, 0.99, 0.9999999])
def test_a_real_model_that_is_cut_off(tmp_path: Path, tiny_path: Path, part: float) -> None:
    """Bytes behind the head are holes, which take no room on the disk."""
    path, size = tmp_path / "cut.gguf", int(tiny_path.stat().st_size * part)
    with tiny_path.open("rb") as source, path.open("wb") as target:
        target.write(source.read(min(size, 4 << 20)))
        target.truncate(size)
    sentence = refusal(path)
    assert "was not downloaded completely" in sentence
    check_sentence("cut.gguf", sentence)


def test_absurd_needs_are_only_numbers(tmp_path: Path) -> None:
    whole = random_gguf.write(tmp_path / "whole.gguf", "llama")
    for name, data in corrupted(whole):
        path = tmp_path / "one.gguf"
        path.write_bytes(data)
        try:
            shape = Shape.of(read_head(path))
        except UserFacingError:
            continue
        assert needs(shape, Layout()).total > 0, name
