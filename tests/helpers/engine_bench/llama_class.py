"""llama-cpp-python's high-level class as a peer: `Llama.create_chat_completion`, its defaults, a context of 4,096."""

import os
from collections.abc import Generator
from typing import Any

from tests.helpers.engine_bench import workload as texts
from tests.helpers.engine_bench.chatting import Found, Messages, Peer, Plan, copying, serve


class LlamaClass:
    """One `Llama`. It cannot be stopped before its first token."""

    def __init__(self, model: str, *, repack: bool) -> None:
        self._model = model
        self._repack = repack
        self._llama: Any = None
        self.drafting = False

    def load(self) -> None:
        """Make the object."""
        from llama_cpp import Llama
        from llama_cpp.llama_speculative import LlamaPromptLookupDecoding

        if not self._repack:
            _without_repacking()
        draft = LlamaPromptLookupDecoding() if self.drafting else None
        self._llama = Llama(self._model, n_ctx=texts.CONTEXT_TOKENS, draft_model=draft, verbose=False)

    def ask(self, messages: Messages, limit: int) -> Generator[str, None, None]:
        """Yield the answer's pieces."""
        for chunk in self._llama.create_chat_completion(messages, max_tokens=limit, temperature=0, stream=True):
            piece = chunk["choices"][0]["delta"].get("content")
            if piece:
                yield piece

    def stop(self) -> None:
        """Nothing reaches into it; the loop that reads its tokens breaks at the next one."""

    def settle(self) -> None:
        """It computes only while it is asked."""

    def process(self) -> int:
        """Return this process."""
        return os.getpid()

    def close(self) -> None:
        """Free the model."""
        if self._llama:
            self._llama.close()
            self._llama = None


def _without_repacking() -> None:
    """Change the defaults that the class begins with, since it has no argument for this."""
    from llama_cpp import llama_cpp as library

    usual = library.llama_model_default_params

    def plain() -> Any:
        params = usual()
        params.use_extra_bufts = False
        return params

    library.llama_model_default_params = plain


def copy_twice(peer: Peer, plan: Plan) -> Found:
    """Repeat a prompt without and with the package's own drafting, which is chosen when the object is made."""
    assert isinstance(peer, LlamaClass)
    off = copying(peer, "copy_drafting_off")
    peer.close()
    peer.drafting = True
    return off | copying(peer, "copy_drafting_on")


if __name__ == "__main__":
    serve(lambda plan: LlamaClass(plan["model"], repack=plan["repack"]), {"copy": copy_twice})
