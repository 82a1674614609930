"""Choosing the next token, natively."""

from collections.abc import Iterable
from typing import Any

from desktop_agent.llm.native import library
from desktop_agent.llm.protocol import Sampling

_NEVER = float("-inf")
_KEEP_ONE = 1


class Sampler:
    """llama.cpp's sampler chain for one answer."""

    def __init__(self, sampling: Sampling, vocabulary_size: int, banned: Iterable[int] = ()) -> None:
        self._llama = library()
        params = self._llama.llama_sampler_chain_default_params()
        params.no_perf = True
        self._chain: Any = self._llama.llama_sampler_chain_init(params)
        never = [self._llama.llama_logit_bias(token, _NEVER) for token in banned]
        if never:
            biases = (self._llama.llama_logit_bias * len(never))(*never)
            self._add(self._llama.llama_sampler_init_logit_bias(vocabulary_size, len(never), biases))
        for step in _steps(self._llama, sampling):
            self._add(step)

    def sample(self, context: Any, output: int = -1) -> int:
        """Return the next token after the one with index `output` in the last batch; -1 is the last that has logits."""
        return int(self._llama.llama_sampler_sample(self._chain, context, output))

    def close(self) -> None:
        """Free the chain. Safe to call twice."""
        if self._chain:
            self._llama.llama_sampler_free(self._chain)
        self._chain = None

    def _add(self, step: Any) -> None:
        self._llama.llama_sampler_chain_add(self._chain, step)


def _steps(llama: Any, sampling: Sampling) -> list[Any]:
    """Return the links of the chain; each is owned by the chain once it is added."""
    if sampling.temperature <= 0:
        return [llama.llama_sampler_init_greedy()]
    return [
        llama.llama_sampler_init_top_k(sampling.top_k),
        llama.llama_sampler_init_top_p(sampling.top_p, _KEEP_ONE),
        llama.llama_sampler_init_min_p(sampling.min_p, _KEEP_ONE),
        llama.llama_sampler_init_temp(sampling.temperature),
        llama.llama_sampler_init_dist(sampling.seed),
    ]
