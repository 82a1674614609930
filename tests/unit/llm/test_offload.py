"""How many layers go onto a graphics card, and what happens when it fails. The cards are made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_agent.errors import UserFacingError
from desktop_agent.llm import offload as offload_module
from desktop_agent.llm.devices import Gpu, describe_devices, gpus
from desktop_agent.llm.native import library
from desktop_agent.llm.offload import Offload, Parts, open_model, parts_of, plan, plan_for
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.tuning_file import TuningFile
from desktop_agent.llm.weights import Weights

GB = 10**9
PARTS = Parts(layers=(200_000_000,) * 28, output=500_000_000, compute=300_000_000)
CARD = Gpu("Card", 24 * GB, 24 * GB)


def card(free: float) -> Gpu:
    return Gpu("Card", round(free * GB), 24 * GB)


def test_all_layers_fit():
    assert plan(PARTS, -1, [CARD]) == Offload(29, "Card", "All 28 layers are computed on Card.")


def test_some_layers_fit():
    # 3 GB less 0.4 spared, 0.3 to compute and 0.5 for the output leave 1.8: nine layers.
    assert plan(PARTS, -1, [card(3)]) == Offload(
        10, "Card", "10 of 29 layers are computed on Card, which has 3.0 GB free."
    )


def test_no_layer_fits():
    assert plan(PARTS, -1, [card(1)]) == Offload(0, "Card", "The processor computes, since Card has only 1.0 GB free.")


def test_two_cards_share():
    both = plan(PARTS, -1, [card(3), card(3)])
    assert both.layers == 1 + (2 * (3000 - 700) - 500) // 200
    assert both.device == "Card + Card"


def test_no_more_than_was_asked_for():
    assert plan(PARTS, 5, [CARD]).layers == 5


@given(st.integers(0, 40 * GB), st.lists(st.integers(1, GB), min_size=1, max_size=90), st.integers(1, GB))
def test_what_is_offloaded_never_takes_more_than_is_free(free, layers, output):
    parts = Parts(tuple(layers), output, 100_000_000)
    found = plan(parts, -1, [Gpu("Card", free, 40 * GB)])
    assert found.layers <= len(layers) + 1
    if found.layers:
        assert output + sum(layers[len(layers) + 1 - found.layers :]) + parts.compute <= free


def test_the_parts_of_a_real_model(tiny_path):
    file = TuningFile.read(tiny_path)
    parts = parts_of(file, 2048, EngineSettings())
    cache = 30 * 2 * 192 * 2 * 2048  # 3 heads of 64 for keys and for values, two bytes each
    assert len(parts.layers) == 30
    assert sum(parts.layers) + parts.output == pytest.approx(tiny_path.stat().st_size + cache, rel=0.05)
    smaller = parts_of(file, 2048, EngineSettings(value_type="q8_0"))
    assert sum(smaller.layers) < sum(parts.layers)


def test_without_a_card_or_with_it_switched_off_there_is_nothing_to_say(tiny_path):
    assert plan_for(tiny_path, 512, EngineSettings(), []) == Offload()
    assert plan_for(tiny_path, 512, EngineSettings(gpu_layers=0), [CARD]) == Offload()


def test_a_model_opens_where_the_card_works(tiny_path):
    opened = open_model(tiny_path, 512, EngineSettings(), cards=lambda: [CARD])
    assert opened.offload.layers == 31
    free(opened)


@pytest.mark.parametrize("failing", ["Weights.load", "open_chat_context"])
def test_a_card_that_fails_leaves_the_work_to_the_processor(tiny_path, monkeypatch, failing):
    asked = []

    def fails_on_a_card(real, where):
        def call(*arguments):
            asked.append(arguments[where].gpu_layers)
            if asked[-1]:
                raise UserFacingError("There is not enough memory for the model.")
            return real(*arguments)

        return call

    if failing == "Weights.load":
        monkeypatch.setattr(Weights, "load", fails_on_a_card(Weights.load, 2))
    else:
        context = fails_on_a_card(offload_module.open_chat_context, 2)
        monkeypatch.setattr(offload_module, "open_chat_context", context)
    opened = open_model(tiny_path, 512, EngineSettings(), cards=lambda: [CARD])
    assert asked == [31, 0]
    assert opened.offload == Offload(
        0, "Card", "The processor computes, since the model could not be loaded onto Card."
    )
    free(opened)


def test_a_file_that_is_no_model_is_told_as_ever(tmp_path):
    path = tmp_path / "letter.gguf"
    path.write_text("Dear Sir or Madam, this is a letter.")
    with pytest.raises(UserFacingError, match="is not a model file"):
        open_model(path, 512, EngineSettings(), cards=lambda: [CARD])


def test_the_devices_of_this_machine_can_be_asked():
    offloads = bool(library().llama_supports_gpu_offload())
    assert bool(gpus()) <= offloads
    assert len(describe_devices()) == len(gpus())


def free(opened) -> None:
    library().llama_free(opened.context)
    opened.weights.free()
