"""What llama.cpp is asked for when a chat model's context is made."""

from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.native import library
from desktop_agent.llm.settings import CacheType, EngineSettings
from desktop_agent.llm.weights import Weights, default_threads, open_context

SEQUENCES = 8
"""One that is live, and room for candidates beside it; a model with a recurrent state, tens of MB each, gets one."""
MOST_OUTPUTS = 16
"""Tokens of a batch that may want logits; asking for more ends the process. Each takes the floats of a vocabulary."""
_LEAST_BATCH = 128


def open_chat_context(weights: Weights, context_tokens: int, settings: EngineSettings) -> Any:
    """Return a new context pointer. Raises UserFacingError when the model is none that writes, or memory is short."""
    context = open_context(weights, context_params(weights, context_tokens, settings))
    if not library().llama_get_memory(context):
        library().llama_free(context)
        raise UserFacingError(f"{weights.path.name} is no model that can chat.", "Choose another model.")
    return context


def context_params(weights: Weights, context_tokens: int, settings: EngineSettings) -> Any:
    """Return the parameters of a context of at most `context_tokens`.

    Values that are not kept as f16 need flash attention, which they switch on.
    """
    llama = library()
    params = llama.llama_context_default_params()
    params.n_ctx = min(context_tokens, weights.train_context or context_tokens)
    params.n_ubatch = settings.ubatch
    params.n_batch = max(settings.ubatch, _LEAST_BATCH)
    params.n_seq_max, params.kv_unified = 1 if weights.recurs else SEQUENCES, True
    params.n_outputs_max = MOST_OUTPUTS
    params.n_threads = settings.threads or default_threads()
    params.n_threads_batch = settings.threads_batch or params.n_threads
    params.flash_attn_type = _flash_attention(llama, settings)
    params.type_k, params.type_v = _kind(llama, settings.key_type), _kind(llama, settings.value_type)
    params.no_perf = True
    return params


def _flash_attention(llama: Any, settings: EngineSettings) -> int:
    if settings.flash_attention or settings.value_type != "f16":
        return int(llama.LLAMA_FLASH_ATTN_TYPE_ENABLED)
    automatic = settings.flash_attention is None
    return int(llama.LLAMA_FLASH_ATTN_TYPE_AUTO if automatic else llama.LLAMA_FLASH_ATTN_TYPE_DISABLED)


def _kind(llama: Any, kind: CacheType) -> int:
    return int({"f16": llama.GGML_TYPE_F16, "q8_0": llama.GGML_TYPE_Q8_0}[kind])
