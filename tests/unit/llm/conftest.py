"""A real vocabulary to try grammars on."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp
import pytest

from desktop_agent.llm.engine import Engine
from desktop_agent.llm.grammar import SafeGrammar
from desktop_agent.llm.vocabulary import Vocabulary as Tokens
from desktop_agent.llm.weights import Weights


@dataclass(frozen=True)
class Vocabulary:
    """The vocabulary of a model file, without its weights."""

    pointer: Any
    size: int

    def tokens(self, text: str) -> list[int]:
        data = text.encode()
        found = (ctypes.c_int32 * (len(data) + 8))()
        count = llama_cpp.llama_tokenize(self.pointer, data, len(data), found, len(found), False, True)
        return list(found[:count])

    def piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(512)
        return buffer.raw[: llama_cpp.llama_token_to_piece(self.pointer, token, buffer, 512, 0, True)]

    def accepts(self, gbnf: str, text: str) -> bool:
        """Tell whether the grammar takes the whole text and may end there."""
        grammar = SafeGrammar(self.pointer, gbnf)
        try:
            for token in self.tokens(text):
                if not grammar.allows(token):
                    return False
                grammar.accept(token)
            return grammar.allows(llama_cpp.llama_vocab_eos(self.pointer))
        finally:
            grammar.close()


@pytest.fixture(scope="session")
def tiny_vocab(tiny_path: Path) -> Iterator[Vocabulary]:
    """SmolLM2's vocabulary of 49,152 tokens."""
    params = llama_cpp.llama_model_default_params()
    params.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(str(tiny_path).encode(), params)
    assert model
    pointer = llama_cpp.llama_model_get_vocab(model)
    yield Vocabulary(pointer, llama_cpp.llama_vocab_n_tokens(pointer))
    llama_cpp.llama_model_free(model)


@pytest.fixture(scope="session")
def tiny(tiny_path: Path) -> Iterator[Engine]:
    """SmolLM2 with 2,048 tokens of context; its cache holds what the last test left there."""
    engine = Engine.load(tiny_path, context_tokens=2048)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def small(small_path: Path) -> Iterator[Engine]:
    """Qwen2.5-Coder 0.5B with 2,048 tokens of context; its cache holds what the last test left there."""
    engine = Engine.load(small_path, context_tokens=2048)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def qwen_vocabulary(small_path: Path) -> Iterator[Tokens]:
    """Qwen2.5's tokens: 21 control tokens, and `<tool_call>` and `</tool_call>` as user-defined ones."""
    weights = Weights.load(small_path)
    yield Tokens(weights.vocabulary)
    weights.free()
