"""Tuning with real processes: what it tries, when it ends, and what survives a crash."""

import os
import platform
import signal
import threading
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.llm import tuning_slice
from desktop_agent.llm.choices import Choice
from desktop_agent.llm.native import library
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.trial import OutOfTime, TrialCrashed, TrialProcess
from desktop_agent.llm.trial_context import DEPTH, TrialContext
from desktop_agent.llm.tuning import thread_counts, tune
from desktop_agent.llm.tuning_bench import Bench
from desktop_agent.llm.tuning_file import TuningFile
from desktop_agent.llm.tuning_slice import Sample, cut
from desktop_agent.llm.weights import Weights
from tests.helpers import random_gguf

PLENTY = 10**12


@pytest.fixture(scope="session")
def toy(tmp_path_factory) -> Path:
    return random_gguf.write(tmp_path_factory.mktemp("toy") / "toy.gguf", "llama")


def process(seconds: float = 60) -> TrialProcess:
    return TrialProcess(monotonic() + seconds, threading.Event())


def test_a_model_is_tuned_and_the_choice_survives_its_dictionary(toy):
    told = []
    choice = tune(toy, context_tokens=1024, seconds=60, tell=told.append, free_bytes=PLENTY)
    assert told[0] == "Preparing the measurement."
    tried = {trial.settings for trial in choice.trials if trial.outcome == "measured"}
    assert {settings.ubatch for settings in tried} == {64, 128, 256, 512}
    assert {settings.flash_attention for settings in tried} >= {None, False}
    assert {trial.settings.repack for trial in choice.trials} == {True, False}
    assert replace(choice.settings, draft_most=0) in {replace(settings, draft_most=0) for settings in tried}
    assert all(trial.memory > toy.stat().st_size for trial in choice.trials if trial.outcome == "measured")
    assert choice.sentences[0].startswith("An answer that reads 600 tokens and writes 120 takes about")
    assert any(sentence.startswith("Repacking ") for sentence in choice.sentences)
    assert Choice.from_dict(choice.to_dict()) == choice


def test_a_cache_that_a_model_cannot_have_is_a_trial_that_failed(toy):
    with process() as child:
        child.load(toy, repack=False, gpu_layers=0)
        eight = EngineSettings(value_type="q8_0")  # its heads are 16 wide, a block of q8_0 is 32
        plain, failed = child.measure([EngineSettings(), eight], 64, 5, 1)
    assert failed is None
    assert plain is not None
    assert plain["read"] > 0 < plain["write"]
    cells, bytes_of_a_token = 2048, random_gguf.LAYERS * 2 * random_gguf.KV_WIDTH * 2
    assert plain["cache"] == pytest.approx(cells * bytes_of_a_token, abs=2**14)


@pytest.mark.parametrize("architecture", ["mamba", "lfm2"])
def test_models_with_a_running_state_are_measured_and_nothing_is_guessed(architecture, tmp_path):
    path = random_gguf.write(tmp_path / "state.gguf", architecture)
    with process() as child:
        child.load(path, repack=False, gpu_layers=0)
        (figures,) = child.measure([EngineSettings()], 128, 5, 2)
        assert figures is not None
        assert child.widest_exact(EngineSettings(), 16) == 1


def test_the_time_is_kept(tiny_path):
    for seconds in (0.5, 3.0):
        began = monotonic()
        choice = tune(tiny_path, context_tokens=4096, seconds=seconds, free_bytes=PLENTY)
        assert monotonic() - began < seconds + 0.3
        assert choice.settings.repack is False
    assert choice.sentences


def test_without_time_the_usual_settings_are_said_to_be_used(tiny_path):
    choice = tune(tiny_path, context_tokens=4096, seconds=0.4, free_bytes=PLENTY)
    assert choice.settings == EngineSettings(gpu_layers=0)
    assert choice.sentences == ("Nothing was measured, for there was not enough time: the usual settings are used.",)


def test_a_stop_is_heeded_at_once(tiny_path):
    cancel, stopped = threading.Event(), []

    def stop(_sentence: str) -> None:
        timer = threading.Timer(0.2, lambda: (stopped.append(monotonic()), cancel.set()))
        timer.start()

    with pytest.raises(Cancelled):
        tune(tiny_path, context_tokens=4096, tell=stop, cancel=cancel, free_bytes=PLENTY)
    assert monotonic() - stopped[0] < 0.5


def test_a_process_that_is_killed_is_a_crash_and_says_what_it_tried(toy):
    with process() as child:
        child.load(toy, repack=False, gpu_layers=0)
        killer = threading.Timer(0.3, os.kill, (child.pid, signal.SIGKILL))
        killer.start()
        with pytest.raises(TrialCrashed) as crash:
            child.measure([EngineSettings()] * 2, 512, 20, 100_000)
        killer.join()
    assert crash.value.began in {0, 1}


def test_a_deadline_kills_the_process(toy):
    child = process(seconds=4)
    child.load(toy, repack=False, gpu_layers=0)
    with pytest.raises(OutOfTime):
        child.measure([EngineSettings()], 512, 20, 1_000_000)
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def test_after_a_crash_the_others_are_still_measured(toy, monkeypatch):
    monkeypatch.setattr("desktop_agent.llm.tuning_bench.TrialProcess", Dying)
    with Bench(toy, Sample(toy), 1024, 0, monotonic() + 60, threading.Event()) as bench:
        bench.first(EngineSettings())
        trials = bench.compare([EngineSettings(ubatch=64), EngineSettings(ubatch=Dying.SIZE)])
    assert [(trial.settings.ubatch, trial.outcome) for trial in trials] == [(64, "measured"), (Dying.SIZE, "crashed")]


class Dying(TrialProcess):
    """Kills itself where it is to try a certain size."""

    SIZE = 256

    def measure(self, settings, read, write, rounds):
        sizes = [one.ubatch for one in settings]
        if self.SIZE in sizes:
            os.kill(self.pid, signal.SIGKILL)
            try:
                return super().measure(settings, read, write, rounds)
            except TrialCrashed as crash:
                raise TrialCrashed(-9, sizes.index(self.SIZE)) from crash
        return super().measure(settings, read, write, rounds)


@pytest.mark.parametrize("size", [0, 100, 20_000])
def test_a_damaged_model_is_a_sentence(toy, size, tmp_path):
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(toy.read_bytes()[:size])
    with pytest.raises(UserFacingError):
        tune(damaged, context_tokens=512, free_bytes=PLENTY)


def test_repacking_needs_room(toy):
    choice = tune(toy, context_tokens=1024, seconds=60, free_bytes=1000)
    assert not any(trial.settings.repack for trial in choice.trials)
    assert any(sentence.startswith("Repacking was not tried: ") for sentence in choice.sentences)


def test_a_slice_is_a_model_of_fewer_layers(tiny_path, tmp_path, monkeypatch):
    monkeypatch.setattr(tuning_slice, "_BYTES", 15_000_000)
    sample = cut(tiny_path, tmp_path / "layers.gguf", lambda: None)
    assert sample.of_layers == 30
    assert sample.layers < 10
    assert sample.read_factor == pytest.approx(30 / sample.layers, rel=0.1)
    weights = Weights.load(sample.path)
    try:
        with TrialContext(weights, EngineSettings()) as context:
            assert context.read_seconds(128) > 0
    finally:
        weights.free()


def test_a_damaged_head_is_no_file(toy, tmp_path):
    data = toy.read_bytes()
    for position in range(4, 400, 7):
        path = tmp_path / "flipped.gguf"
        path.write_bytes(data[:position] + bytes([data[position] ^ 0xFF]) + data[position + 1 :])
        try:
            file = TuningFile.read(path)
        except ValueError:
            continue
        assert sum(tensor.bytes for tensor in file.tensors) < len(data)


def test_what_is_exact_after_copies_is_exact_after_real_reading(toy):
    """The check fills the cache with copies, to save time: it must find what a chat would meet."""
    weights, settings = Weights.load(toy), EngineSettings(threads=2, threads_batch=2)
    try:
        with TrialContext(weights, settings) as copied:
            widest = copied.widest_exact(16)
        with ReallyRead(weights, settings) as read:
            assert read.widest_exact(16) == widest
    finally:
        weights.free()


class ReallyRead(TrialContext):
    def _copied(self) -> bool:
        assert DEPTH > 512
        return False


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors compute in other groups")
def test_values_in_8_bits_make_several_tokens_as_exact_as_one(tiny_path, tmp_path, monkeypatch):
    monkeypatch.setattr(tuning_slice, "_BYTES", 5_000_000)
    weights = Weights.load(cut(tiny_path, tmp_path / "layers.gguf", lambda: None).path)
    try:
        exact = {}
        for kind in ("f16", "q8_0"):
            with TrialContext(weights, EngineSettings(threads=2, threads_batch=2, value_type=kind)) as context:
                exact[kind] = context.widest_exact(8)
    finally:
        weights.free()
    assert exact["f16"] == 1
    assert exact["q8_0"] >= 6


def test_thread_counts_begin_with_the_cores(monkeypatch):
    monkeypatch.setattr("desktop_agent.llm.tuning.default_threads", lambda: 8)
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: set(range(16)))
    assert thread_counts()[:4] == [8, 16, 7, 4]


@pytest.mark.parametrize(("cores", "counts"), [(1, [1]), (2, [2]), (3, [3, 2])])
def test_few_cores_leave_little_to_try(cores, counts, monkeypatch):
    monkeypatch.setattr("desktop_agent.llm.tuning.default_threads", lambda: cores)
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: set(range(cores)))
    assert thread_counts() == counts


def test_nothing_is_left_in_the_log_of_this_process(toy, capfd):
    with process() as child:
        child.load(toy, repack=False, gpu_layers=0)
    library()
    assert capfd.readouterr() == ("", "")
