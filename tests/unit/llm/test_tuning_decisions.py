"""What is chosen from figures, and how it is said."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.trial import OutOfTime, Trial, TrialCrashed
from desktop_agent.llm.tuning import _Run
from desktop_agent.llm.tuning_slice import Sample, choose_layers
from desktop_agent.llm.tuning_weigh import barely_slower, best, best_threads, turn_seconds
from desktop_agent.llm.tuning_words import SENTENCES, Finding, sentence

GB = 10**9
PLAIN = EngineSettings()
RATES = st.floats(0.5, 5000)
TRIALS = st.lists(
    st.builds(Trial, st.just(PLAIN), st.just("measured"), RATES, RATES, st.integers(10**8, 10**11)),
    min_size=1,
    max_size=6,
)


def trial(read: float, write: float, memory: float, **settings: object) -> Trial:
    return Trial(replace(PLAIN, **settings), "measured", read, write, round(memory))


@given(TRIALS, st.integers(10**9, 10**11))
def test_nothing_that_is_better_in_everything_is_passed_over(trials, free):
    chosen = best(trials, free)
    assert not any(other.memory < chosen.memory and turn_seconds(other) < turn_seconds(chosen) for other in trials)


@given(TRIALS, st.integers(10**9, 10**11))
def test_less_time_is_given_up_for_less_memory_only(trials, free):
    chosen = best(trials, free)
    fastest = min(trials, key=turn_seconds)
    assert chosen.memory <= fastest.memory or chosen is fastest or turn_seconds(chosen) == turn_seconds(fastest)


@given(RATES, RATES, st.integers(10**8, 10**10), st.integers(10**9, 10**11))
def test_what_is_as_fast_is_chosen_by_memory(read, write, memory, free):
    large, small = trial(read, write, memory * 2), trial(read * 0.98, write * 0.98, memory)
    assert best([large, small], free) is small


def test_more_memory_must_pay_for_itself():
    small, large = trial(50, 5, 5 * GB), trial(60, 6, 8 * GB)
    assert best([small, large], 10 * GB) is small
    assert best([small, large], 500 * GB) is large


def test_while_others_are_busy_only_a_large_difference_counts():
    first, better, best_of_all = trial(50, 5, 5 * GB), trial(60, 6, 5 * GB), trial(100, 10, 5 * GB)
    assert best([first, better], 500 * GB) is better
    assert best([first, better], 500 * GB, busy=True) is first
    assert best([first, best_of_all], 500 * GB, busy=True) is best_of_all
    assert best_threads({8: 100.0, 16: 120.0}, 8, busy=True) == 8
    assert best_threads({8: 100.0, 16: 180.0}, 8, busy=True) == 16


def test_nothing_measured_is_nothing_chosen():
    with pytest.raises(ValueError, match="empty"):
        best([Trial(PLAIN, "crashed")], GB)


def test_another_number_of_threads_must_be_faster_by_more_than_noise():
    assert best_threads({8: 100.0, 16: 104.0, 4: 60.0}, 8) == 8
    assert best_threads({8: 100.0, 16: 120.0, 4: 60.0}, 8) == 16
    assert best_threads({8: 100.0, 16: 90.0, 4: 110.0}, 8) == 4


def test_barely_slower_is_neither_in_reading_nor_in_writing_much_slower():
    assert barely_slower(trial(96, 96, 1), trial(100, 100, 1))
    assert not barely_slower(trial(94, 110, 1), trial(100, 100, 1))
    assert not barely_slower(trial(110, 94, 1), trial(100, 100, 1))


@given(st.lists(st.integers(10**7, 3 * 10**7), min_size=1, max_size=80))
def test_the_layers_of_a_slice_stand_for_all(sizes):
    chosen = choose_layers(sizes)
    assert chosen == sorted(set(chosen))
    assert len(chosen) >= min(2, len(sizes))
    assert sum(sizes[layer] for layer in chosen) >= 5 * 10**7 or len(chosen) == len(sizes)


def test_every_finding_of_another_version_is_an_error():
    with pytest.raises(KeyError):
        sentence(Finding("quantum", {}))
    with pytest.raises(KeyError):
        sentence(Finding("draft", {}))
    assert all(text.endswith(".") for text in SENTENCES.values())


class FakeBench:
    """Rates by settings, as a processor of one's own."""

    def __init__(self, model: Path, layouts: tuple[Trial, ...] | Exception, exact: int = 1) -> None:
        self.model, self.sample, self.gpu_layers = model, Sample(model), 0
        self.trials: list[Trial] = []
        self.seconds_left, self.is_busy = 10.0, False
        self._layouts = layouts
        self._exact = exact

    def first(self, settings: EngineSettings) -> Trial:
        return self._of(settings)

    def compare(self, variants, read=0):
        self.trials += [self._of(one) for one in variants]
        return self.trials[-len(variants) :]

    def alternately(self, plain, repacked):
        if isinstance(self._layouts, Exception):
            raise self._layouts
        before, after = (replace(one, settings=s) for one, s in zip(self._layouts, (plain, repacked), strict=True))
        return before, after

    def widest_exact(self, settings, most):
        return self._exact if settings.value_type == "q8_0" else 1

    def _of(self, settings: EngineSettings) -> Trial:
        read = {64: 150.0, 128: 200.0, 256: 240.0, 512: 250.0}[settings.ubatch]
        read *= 0.8 if settings.flash_attention is False else 1
        return Trial(settings, "measured", read, 20.0, 2 * GB + settings.ubatch)


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.gguf"
    path.write_bytes(bytes(1000))
    return path


def test_others_that_were_busy_are_told(model):
    bench = FakeBench(model, OutOfTime())
    assert not any("busy" in text for text in chosen(bench).sentences)
    bench.is_busy = True
    choice = chosen(bench)
    assert choice.settings.ubatch == 128
    assert "Other programs were busy meanwhile: measure again when they are not." in choice.sentences


def chosen(bench: FakeBench, free: int = 20 * GB, *, guesses: bool = False):
    return _Run(bench, lambda _sentence: None, free, guesses).choice()  # type: ignore[arg-type]


def test_repacking_that_costs_memory_and_reading_is_left_off(model):
    """The 7B of the development machine."""
    choice = chosen(FakeBench(model, (trial(56.5, 5.8, 5 * GB), trial(32.5, 7.9, 8 * GB))))
    assert choice.settings.repack is False
    assert (
        "Repacking off: 56 instead of 32 tokens/s reading, 5.8 instead of 7.9 tokens/s writing, "
        "5.0 GB instead of 8.0 GB of memory."
    ) in choice.sentences


def test_repacking_that_pays_is_kept_on(model):
    choice = chosen(FakeBench(model, (trial(50, 5, 5 * GB), trial(100, 10, 5.5 * GB))))
    assert choice.settings.repack is True
    assert any(text.startswith("Repacking on: 100 instead of 50 tokens/s reading") for text in choice.sentences)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (TrialCrashed(-4, 0), "Repacking crashes on this processor."),
        (UserFacingError("No memory."), "Repacking is not possible with this model."),
        (OutOfTime(), "Repacking was not tried: there was no time left."),
    ],
)
def test_repacking_that_fails_is_a_sentence(model, what, said):
    choice = chosen(FakeBench(model, what))
    assert choice.settings.repack is False
    assert said in choice.sentences


def test_reading_more_at_once_is_chosen_where_it_pays(model):
    choice = chosen(FakeBench(model, OutOfTime()))
    assert choice.settings.ubatch == 256
    assert "256 tokens at once instead of 512: 240 instead of 250 tokens/s reading." in choice.sentences
    assert choice.settings.flash_attention is None


def test_values_in_8_bits_are_chosen_for_guessing_ahead_where_they_cost_nothing(model):
    choice = chosen(FakeBench(model, OutOfTime(), exact=7))
    assert (choice.settings.value_type, choice.settings.draft_most) == ("q8_0", 6)
    assert "Up to 6 tokens can be guessed ahead without changing an answer." in choice.sentences
    assert chosen(FakeBench(model, OutOfTime())).settings.draft_most == 0


def test_guessing_ahead_can_be_wanted_whatever_it_costs(model):
    bench = FakeBench(model, OutOfTime(), exact=7)
    bench.is_busy = True  # then nothing is known to cost nothing
    assert chosen(bench).settings.draft_most == 0
    assert chosen(bench, guesses=True).settings.draft_most == 6
