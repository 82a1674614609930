"""What a model's speed and memory will be, from two numbers about the computer."""

import pytest

from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.forecast import Forecast, forecast
from desktop_agent.models.needs import Layout
from desktop_agent.models.shape import Shape

GB = 10**9
MULTIPLY, MEMORY = 368e9, 27e9
"""A machine that reads 7B prompts at 56 tokens/s and writes 5.8: shared/facts/engine.md."""


def of(name: str, free: int = 64 * GB, layout: Layout | None = None) -> Forecast:
    shape = Catalogue.load().get(name).shape
    assert shape is not None
    return forecast(shape, multiply_rate=MULTIPLY, memory_rate=MEMORY, free=free, layout=layout or Layout())


def test_a_7b_is_as_fast_as_it_was_measured() -> None:
    seven = of("qwen2.5-7b")
    assert seven.read_rate == pytest.approx(56.4, rel=0.02)
    assert seven.write_rate == pytest.approx(6.1, rel=0.06)
    assert seven.memory == pytest.approx(5.0 * GB, rel=0.02)


def test_smaller_models_of_that_machine_are_near_what_was_measured() -> None:
    """228 and 24 tokens/s; a small model's many small matrices and its vocabulary keep it from the ideal."""
    starter = of("starter")
    assert starter.read_rate == pytest.approx(228, rel=0.25)
    assert starter.write_rate == pytest.approx(24, rel=0.25)


def test_a_long_context_is_slower_to_write_with_and_larger() -> None:
    short, long = of("qwen3-8b"), of("qwen3-8b", layout=Layout(32768))
    assert long.write_rate < short.write_rate * 0.8
    assert long.read_rate == short.read_rate
    assert long.memory > short.memory + 4 * GB


def test_whether_it_fits() -> None:
    assert of("qwen3-8b", 8 * GB).fits
    assert not of("qwen3-8b", 5 * GB).fits


def test_a_computer_that_was_not_measured() -> None:
    shape = Catalogue.load().get("starter").shape
    assert shape is not None
    unknown = forecast(shape, multiply_rate=0, memory_rate=0, free=GB)
    assert (unknown.read_rate, unknown.write_rate, unknown.fits) == (0, 0, False)
    assert unknown.memory > GB


def test_of_a_mixture_only_what_works_counts() -> None:
    whole = Shape(2048, 768, 151936, 32, (4,) * 48, 128, 128, 18 * GB, 30 * GB, 17 * GB)
    mixture = Shape(2048, 768, 151936, 32, (4,) * 48, 128, 128, 18 * GB, 3 * GB, 2 * GB)
    fast, slow = (forecast(s, multiply_rate=MULTIPLY, memory_rate=MEMORY, free=GB) for s in (mixture, whole))
    assert fast.read_rate == pytest.approx(10 * slow.read_rate)
    assert fast.write_rate > 7 * slow.write_rate
    assert fast.memory == slow.memory
