"""Sizes of models of all kinds, compared with what llama.cpp itself makes of them."""

from pathlib import Path

import pytest

from desktop_agent.llm.context import context_params
from desktop_agent.llm.native import library
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.weights import Weights, open_context
from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.gguf_file import GgufHead, read_head
from desktop_agent.models.gguf_reader import Tensor
from desktop_agent.models.shape import Shape
from tests.helpers import random_gguf

TOKENS = 5
DESCRIPTION = 3000
"""Bytes of a copied state that are no numbers: positions, names, counts; cells are padded."""


@pytest.mark.parametrize("architecture", random_gguf.architectures())
def test_cache_and_state_are_as_large_as_llama_cpps(architecture: str, tmp_path: Path) -> None:
    path = random_gguf.write(tmp_path / "model.gguf", architecture)
    shape = Shape.of(read_head(path))
    llama, weights = library(), Weights.load(path)
    context = open_context(weights, context_params(weights, 256, EngineSettings()))
    tokens = (llama.llama_token * TOKENS)(*range(TOKENS))
    assert llama.llama_decode(context, llama.llama_batch_get_one(tokens, TOKENS)) == 0
    size = llama.llama_state_seq_get_size(context, 0)
    llama.llama_free(context)
    weights.free()
    expected = shape.state + sum(shape.kv_heads) * (shape.key_length + shape.value_length) * 2 * TOKENS
    assert expected <= size <= expected + DESCRIPTION


def head(architecture: str, tensors: tuple[Tensor, ...] = (), **values: object) -> GgufHead:
    named = {f"{architecture}.{key.replace('__', '.')}": value for key, value in values.items()}
    numbers = {key: value for key, value in named.items() if isinstance(value, tuple)}
    single = {key: value for key, value in named.items() if not isinstance(value, tuple)}
    return GgufHead({"general.architecture": architecture, **single}, 1, numbers, dict.fromkeys(numbers, 0), tensors)


def test_every_fourth_layer_of_a_qwen3_next_looks_back() -> None:
    shape = Shape.of(head("qwen3next", block_count=8, embedding_length=64, attention__head_count=4))
    assert shape.kv_heads == (0, 0, 0, 4, 0, 0, 0, 4)
    other = head("qwen3next", block_count=4, embedding_length=64, attention__head_count=4, full_attention_interval=2)
    assert Shape.of(other).kv_heads == (0, 4, 0, 4)


def test_values_that_are_part_of_the_keys_take_nothing() -> None:
    sizes = {"block_count": 2, "embedding_length": 64, "attention__head_count": 4, "attention__head_count_kv": 1}
    shape = Shape.of(head("deepseek2", **sizes, attention__key_length=576, attention__key_length_mla=192))
    assert (shape.kv_heads, shape.key_length, shape.value_length) == ((1, 1), 576, 0)


def test_layers_that_share_a_cache_have_none() -> None:
    sizes = {"block_count": 4, "embedding_length": 64, "attention__head_count": 4}
    assert Shape.of(head("gemma4", **sizes, attention__shared_kv_layers=3)).kv_heads == (4, 0, 0, 0)
    assert Shape.of(head("gemma4", **sizes, attention__shared_kv_layers=3)).state == 0


def test_each_layer_may_have_its_own_numbers() -> None:
    sizes = {"block_count": 3, "embedding_length": 64, "attention__head_count": (8, 4, 8)}
    shape = Shape.of(head("openelm", **sizes, attention__head_count_kv=(2, 1, 2), feed_forward_length=(10, 30, 20)))
    assert (shape.heads, shape.kv_heads, shape.feed_forward) == (8, (2, 1, 2), 30)


def test_of_a_mixture_only_the_chosen_experts_work() -> None:
    tensors = (
        Tensor("token_embd.weight", (64, 100), 0, 0),
        Tensor("output.weight", (64, 100), 0, 0),
        Tensor("blk.0.ffn_up_exps.weight", (64, 128, 8), 0, 0),
    )
    sizes = {"block_count": 1, "embedding_length": 64, "attention__head_count": 4, "feed_forward_length": 128}
    shape = Shape.of(head("qwen3moe", tensors, **sizes, expert_count=8, expert_used_count=2))
    assert shape.active_weights == 64 * 128 * 2
    assert shape.active_bytes == 64 * 128 * 2 * 4 + 64 * 100 * 4
    assert shape.feed_forward == 256


def test_one_table_for_both_ends_is_read_for_each_word() -> None:
    sizes = {"block_count": 1, "embedding_length": 64, "attention__head_count": 4}
    assert Shape.of(head("llama", (Tensor("token_embd.weight", (64, 100), 0, 0),), **sizes)).active_bytes == 25_600


def test_every_chat_model_of_the_catalogue_has_a_shape() -> None:
    for entry in Catalogue.load().entries:
        assert bool(entry.shape) == (entry.role != "embedding"), entry.name
        if entry.shape:
            billions = float(entry.parameters.rstrip("BM")) / (1 if entry.parameters.endswith("B") else 1000)
            assert 0.6 * billions < entry.shape.active_weights / 1e9 < billions
