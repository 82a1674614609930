"""What is kept of a tuning run and of a probe: for this model, this machine, and these versions."""

import json
import struct
import threading
from pathlib import Path

import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.llm import probe
from desktop_agent.llm.choices import Choice, Choices, machine
from desktop_agent.llm.probe import Probed, Speed
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.trial import Trial
from desktop_agent.llm.tuning_words import Finding

CHOICE = Choice(
    EngineSettings(threads=3, ubatch=256, flash_attention=True, draft_most=6),
    (Trial(EngineSettings(), "measured", 57.0, 5.8, 5 * 10**9), Trial(EngineSettings(repack=True), "crashed")),
    (Finding("threads", {"reading": 3, "writing": 2}), Finding("repack crashed", {})),
)


@pytest.fixture
def choices(tmp_path) -> Choices:
    return Choices(tmp_path / "engine")


def file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "engine").rglob("*.json")
    return path


def test_a_choice_is_kept_for_a_model_and_a_context(choices):
    assert choices.get("a", "4096") is None
    choices.put("a", "4096", CHOICE)
    assert choices.get("a", "4096") == CHOICE
    assert choices.get("a", "8192") is None
    assert choices.get("b", "4096") is None
    assert CHOICE.sentences == ("Threads: 3 for reading, 2 for writing.", "Repacking crashes on this processor.")


def test_a_choice_can_be_forgotten(choices):
    choices.put("a", "4096", CHOICE)
    choices.put("a", "8192", CHOICE)
    choices.put("b", "4096", CHOICE)
    assert choices.forget("a")
    assert not choices.forget("a")
    assert choices.get("a", "8192") is None
    assert choices.get("b", "4096") == CHOICE


@pytest.mark.parametrize("key", ["processor", "cores", "memory", "devices", "program", "llama"])
def test_another_machine_or_version_chooses_anew(choices, key, monkeypatch):
    choices.put("a", "4096", CHOICE)
    monkeypatch.setattr("desktop_agent.llm.choices.machine", lambda: machine() | {key: "other"})
    assert choices.get("a", "4096") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda _data: b"",
        lambda _data: b"[]",
        lambda _data: b"\xff\xfe",
        lambda data: data.replace(b"ubatch", b"quatsch"),
        lambda data: data.replace(b"repack crashed", b"repack danced"),
        lambda data: data.replace(b'"reading"', b'"rending"'),
        lambda data: data.replace(b"outcome", b"outcast"),
    ],
)
def test_a_damaged_file_counts_as_none(choices, tmp_path, damage):
    choices.put("a", "4096", CHOICE)
    path = file(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    assert choices.get("a", "4096") is None
    choices.put("a", "4096", CHOICE)
    assert choices.get("a", "4096") == CHOICE


def test_the_machine_is_described_by_what_json_can_hold():
    assert json.loads(json.dumps(machine())) == machine()
    assert machine()["processor"]


def test_a_speed_is_kept_for_this_machine(tmp_path, monkeypatch):
    kept = Probed(tmp_path / "engine")
    assert kept.get() is None
    kept.put(Speed(4e11, 3.7e10))
    assert kept.get() == Speed(4e11, 3.7e10)
    monkeypatch.setattr("desktop_agent.llm.probe.machine", lambda: {"processor": "other"})
    assert kept.get() is None


@pytest.mark.parametrize("text", ["", "{}", '{"speed": {"multiply_rate": "fast", "memory_rate": 1}}', "[1]"])
def test_a_damaged_speed_counts_as_none(tmp_path, text):
    (tmp_path / "probe.json").write_text(text)
    assert Probed(tmp_path).get() is None


@pytest.fixture
def narrow(monkeypatch):
    """Layers of an eighth of the width, so that it takes a second."""
    for name, value in {"_WIDTH": 512, "_INNER": 1024, "_HEADS": 4, "_KV_HEADS": 2, "_KV_WIDTH": 256}.items():
        monkeypatch.setattr(probe, name, value)


def test_the_speed_is_measured(narrow):
    speed = probe.measure(threading.Event())
    assert speed.multiply_rate > 1e8
    assert speed.memory_rate > 1e7


def test_the_layers_are_those_of_a_file_of_its_size(narrow, tmp_path):
    path = tmp_path / "layers.gguf"
    probe.write_layers(path, threading.Event())
    expected = sum(tensor.bytes for tensor in probe._tensors())
    assert expected < path.stat().st_size < expected + 5000


def test_the_layers_of_a_7b_stay_small():
    assert sum(tensor.bytes for tensor in probe._tensors()) < 300_000_000


def test_random_weights_stay_small():
    block = probe._noise(probe._Q6)[:210]
    assert 0 < struct.unpack("<e", block[-2:])[0] < 1e-4


def test_a_stop_ends_the_measurement():
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        probe.measure(cancel)


def test_no_time_is_a_sentence(narrow, monkeypatch):
    monkeypatch.setattr(probe, "SECONDS", 0.05)
    with pytest.raises(UserFacingError, match="could not be measured"):
        probe.measure(threading.Event())
