"""gpt4all as a peer, in an environment of its own: `GPT4All.chat_session`, a batch of 128 as in its desktop program.

It keeps the state of one chat. For another one, and after an edit, everything is read again. Its sessions take a
template with one gap instead of the file's own, so prompts are written as ChatML, in which most small models were
trained; special tokens count as such only in the system prompt, where the chat so far goes.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack
from typing import Any

from tests.helpers.engine_bench import workload as texts
from tests.helpers.engine_bench.chatting import Messages, serve

_QUESTION = "<|im_start|>user\n{0}<|im_end|>\n<|im_start|>assistant\n"
_BATCH = 128


class Gpt4All:
    """One `GPT4All`. It cannot be stopped before its first token."""

    def __init__(self, model: str, threads: int) -> None:
        self._model = model
        self._threads = threads
        self._program: Any = None
        self._session = ExitStack()
        self._heard: Messages | None = None
        self._stopped = False

    def load(self) -> None:
        """Make the object."""
        from gpt4all import GPT4All  # type: ignore[import-not-found,unused-ignore]

        folder, name = os.path.split(self._model)
        self._program = GPT4All(
            name,
            model_path=folder,
            allow_download=False,
            device="cpu",
            n_ctx=texts.CONTEXT_TOKENS,
            n_threads=self._threads,
        )

    def ask(self, messages: Messages, limit: int) -> Generator[str, None, None]:
        """Yield the answer's pieces."""
        *before, question = messages
        if before != self._heard:
            self._session.close()
            self._session.enter_context(self._program.chat_session(_rendered(before), _QUESTION))
        self._heard, self._stopped, pieces = None, False, list[str]()
        answer = self._program.generate(
            question["content"],
            max_tokens=limit,
            temp=0,
            top_k=1,
            repeat_penalty=1.0,
            n_batch=_BATCH,
            streaming=True,
            callback=lambda _token, _text: not self._stopped,
        )
        try:
            for piece in answer:
                pieces.append(piece)
                yield piece
            self._heard = [*messages, {"role": "assistant", "content": "".join(pieces)}]
        finally:
            self._stopped = True
            for _piece in answer:  # until its thread has ended
                pass

    def stop(self) -> None:
        """Let it end at its next token; nothing reaches into the reading of a prompt."""
        self._stopped = True

    def settle(self) -> None:
        """It computes only while it is asked."""

    def process(self) -> int:
        """Return this process."""
        return os.getpid()

    def close(self) -> None:
        """Free the model."""
        if self._program:
            self._session.close()
            self._program.close()
            self._program = None


def _rendered(messages: Messages) -> str:
    return "".join(f"<|im_start|>{it['role']}\n{it['content']}<|im_end|>\n" for it in messages)


if __name__ == "__main__":
    serve(lambda plan: Gpt4All(plan["model"], plan["threads"]))
