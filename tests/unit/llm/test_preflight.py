"""Files from elsewhere are tried in a process that may die."""

import struct
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.llm import preflight as module
from desktop_agent.llm.preflight import preflight
from tests.helpers import random_gguf
from tests.helpers.gguf_parts import FLOAT32, STRING, taken_apart, text

NAN = struct.pack("<f", float("nan"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return random_gguf.write(tmp_path / "model.gguf", "llama")


@pytest.mark.parametrize("architecture", random_gguf.architectures())
def test_a_whole_file_of_any_architecture_passes(tmp_path: Path, architecture: str) -> None:
    preflight(random_gguf.write(tmp_path / "model.gguf", architecture))


def test_an_embedding_model_passes(embedder_path: Path) -> None:
    preflight(embedder_path)


def test_a_real_model_passes_in_seconds(tiny_path: Path) -> None:
    start = time.monotonic()
    preflight(tiny_path)
    assert time.monotonic() - start < 30


def test_a_crash_is_a_sentence(path: Path) -> None:
    epsilon = "llama.attention.layer_norm_rms_epsilon"
    path.write_bytes(taken_apart(path).having(epsilon, FLOAT32, NAN).written())
    with pytest.raises(UserFacingError) as caught:
        preflight(path)
    assert caught.value.message == "model.gguf crashed the engine when it was tried; it is not loaded."
    assert caught.value.hint == "Choose another file of this model, or another model."


def test_weights_that_are_no_numbers(path: Path) -> None:
    parts = taken_apart(path)
    path.write_bytes(parts.filled("output_norm.weight", NAN).written())
    with pytest.raises(UserFacingError, match=r"The weights of model\.gguf are damaged"):
        preflight(path)


def test_an_architecture_of_the_future(path: Path) -> None:
    path.write_bytes(taken_apart(path).having("general.architecture", STRING, text(b"gpt-9000")).written())
    with pytest.raises(UserFacingError, match=r"model\.gguf holds a kind of model that this version does not know"):
        preflight(path)


def test_words_of_the_file_cannot_draw_on_the_terminal(path: Path) -> None:
    parts = taken_apart(path)
    named = replace(parts, tensors=(replace(parts.tensors[0], name=b"\x1b[31mred\n"), *parts.tensors[1:]))
    path.write_bytes(named.having("tokenizer.ggml.model", STRING, text(b"\x1b[31m\n" * 1000)).written())
    with pytest.raises(UserFacingError) as caught:
        preflight(path)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1100


def test_what_takes_too_long_is_ended(path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(UserFacingError, match=r"took longer than 0 seconds when it was tried; it is not loaded"):
        preflight(path, seconds=0.05)
    assert time.monotonic() - start < 5


def test_large_files_have_more_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[float] = []

    def note(_arguments: list[str], limit: float, *_: object) -> tuple[int, str]:
        limits.append(limit)
        return 0, ""

    monkeypatch.setattr(module, "_run", note)
    preflight(path)
    with path.open("ab") as file:
        file.truncate(10**10)  # a hole
    preflight(path)
    assert limits[0] == pytest.approx(60, abs=1)
    assert limits[1] == pytest.approx(560, abs=1)


def test_what_takes_too_much_memory_is_ended(tiny_path: Path) -> None:
    """`memory` counts what the process has beside the file, so it is too little for Python itself here."""
    with pytest.raises(UserFacingError):
        preflight(tiny_path, memory=1 << 20)


def test_it_can_be_cancelled(path: Path) -> None:
    cancel = threading.Event()
    threading.Timer(0.05, cancel.set).start()
    with pytest.raises(Cancelled):
        preflight(path, cancel)


def test_output_that_is_no_sentence_is_a_crash(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for told in ("", "noise", "[1]", '{"a": 1}', "null", '["a", "b", "c"]'):
        monkeypatch.setattr(module, "_run", lambda *_, told=told: (1, told))
        with pytest.raises(UserFacingError, match="crashed the engine"):
            preflight(path)
