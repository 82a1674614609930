"""What goes into the model's context. Nothing is ever left out silently: the count is told to the user."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from desktop_agent.agent.prompt import head, spoken, turns
from desktop_agent.agent.protocols import StoredMessageLike
from desktop_agent.events import ContextChanged
from desktop_agent.llm.protocol import ChatModel, Request
from desktop_agent.messages import Message, ToolSpec

ANSWER_SHARE = 8
"""One part in this many of the context is kept free for the answer."""
RESULT_SHARE = 3
"""One tool result may take one part in this many of the context."""


class ContextWindow:
    """Builds prompts that fit a model, and remembers where each conversation's last prompt began."""

    def __init__(self, model: ChatModel, tools: tuple[ToolSpec, ...]) -> None:
        self._model = model
        self._tools = tools
        self._head = head(model.parameters)
        self._kept: dict[str, int] = {}

    def request(
        self, conversation_id: str, history: Iterable[StoredMessageLike], *, allow_calls: bool
    ) -> tuple[Request, ContextChanged]:
        """Return the next step's request, and how full it makes the context."""
        parts = turns(spoken(history))
        kept = self._kept[conversation_id] = self._first_kept(parts, self._kept.get(conversation_id, 0))
        request = self._request(parts[kept:], allow_calls)
        left_out = sum(len(turn) for turn in parts[:kept])
        return request, ContextChanged(self._model.count_tokens(request), self._model.context_size, left_out)

    def _request(self, parts: Sequence[tuple[Message, ...]], allow_calls: bool = True) -> Request:
        messages = tuple(message for turn in parts for message in turn)
        return Request((*self._head, *messages), self._tools, allow_calls=allow_calls)

    def _first_kept(self, parts: Sequence[tuple[Message, ...]], kept: int) -> int:
        """Return the first turn of the prompt.

        It stays where it was while the conversation fits, since a prompt with another beginning must be read again as
        a whole; when it no longer fits, turns are left out until half the context is free. The last turn always stays:
        if it alone is too long, the engine refuses it with numbers.
        """
        size = self._model.context_size
        if self._model.count_tokens(self._request(parts[kept:])) <= size - size // ANSWER_SHARE:
            return kept
        later = range(kept, max(kept, len(parts) - 1))  # halved again and again: each count reads the whole rest
        return kept + bisect_left(
            later, True, key=lambda first: self._model.count_tokens(self._request(parts[first:])) <= size // 2
        )

    def forget(self, conversation_id: str) -> None:
        """Choose anew where the next prompt begins: what a failed turn pushed out may fit again without it."""
        self._kept.pop(conversation_id, None)

    def shorten(self, text: str) -> str:
        """Return a tool's text, cut to its share of the context, with a line that says so."""
        limit = self._model.context_size // RESULT_SHARE
        kept = text
        while kept and (tokens := self._model.count_tokens(Request((Message("user", kept),)))) > limit:
            kept = kept[: int(len(kept) * min(0.9, limit / tokens))]
        return text if kept == text else f"{kept}\n[Cut here: the first {len(kept)} of {len(text)} characters.]"
