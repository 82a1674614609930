"""What goes into the model's context. Nothing is ever left out silently: the count is told to the user."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from desktop_agent.agent.lookup import View
from desktop_agent.agent.notes import write
from desktop_agent.agent.prompt import Part, head, turns
from desktop_agent.agent.protocols import StoredMessageLike
from desktop_agent.events import ContextChanged, RecalledMemory
from desktop_agent.llm.protocol import ChatModel, Request
from desktop_agent.messages import Message, ToolSpec

ANSWER_SHARE = 8
"""One part in this many of the context is kept free for the answer."""
RESULT_SHARE = 3
"""One tool result may take one part in this many of the context."""
NOTES_SHARE = 8
"""The notes of one question may take one part in this many of the context."""


class ContextWindow:
    """Builds prompts that fit a model, and remembers where each conversation's last prompt began.

    `tools` returns those of a conversation, `thinking` whether the model is to think first; both are asked for each
    prompt.
    """

    def __init__(
        self,
        model: ChatModel,
        tools: Callable[[str], tuple[ToolSpec, ...]],
        thinking: Callable[[], bool] = lambda: False,
    ) -> None:
        self._model = model
        self._tools = tools
        self._thinking = thinking
        self._head = head(model.parameters)
        self._begins: dict[str, str] = {}

    def request(
        self, conversation_id: str, history: Iterable[StoredMessageLike], *, allow_calls: bool
    ) -> tuple[Request, ContextChanged]:
        """Return the next step's request, and how full it makes the context."""
        parts = turns(history)
        kept = self._keep_from(conversation_id, parts)
        request = self._request(conversation_id, parts[kept:], allow_calls)
        left_out = sum(len(part.messages) for part in parts[:kept])
        return request, ContextChanged(self._model.count_tokens(request), self._model.context_size, left_out)

    def view(self, conversation_id: str, history: Iterable[StoredMessageLike], tokens: int) -> View:
        """Return what the model will see of the conversation when `tokens` are kept free for the notes of its end."""
        parts = turns(history)
        kept = self._keep_from(conversation_id, parts, tokens)
        messages = [message for part in parts[kept:] for message in part.messages]
        room = self._room - self._model.count_tokens(self._request(conversation_id, parts[kept:]))
        return View.of((id_ for part in parts[kept:] for id_ in part.ids), messages, room)

    def cost(self, memories: Sequence[RecalledMemory]) -> int:
        """Return how many tokens the memories take in the notes of a question."""
        return self._count(write(datetime.min, memories).text) - self._count(write(datetime.min).text)

    def _count(self, text: str) -> int:
        return self._model.count_tokens(Request((Message("user", text),)))

    @property
    def _room(self) -> int:
        """How long a prompt may be, in tokens: the rest is for the answer."""
        return self._model.context_size - self._model.context_size // ANSWER_SHARE

    def _request(self, conversation_id: str, parts: Sequence[Part], allow_calls: bool = True) -> Request:
        messages = tuple(message for part in parts for message in part.messages)
        return Request(
            (*self._head, *messages),
            self._tools(conversation_id),
            allow_calls=allow_calls,
            head=len(self._head),
            chat=conversation_id,
            thinking=self._thinking(),
        )

    def _keep_from(self, conversation_id: str, parts: Sequence[Part], free: int = 0) -> int:
        """Return the first turn of the prompt, and note it by a message: turns before it may be forgotten meanwhile."""
        begin = self._begins.get(conversation_id)
        first = next((at for at, part in enumerate(parts) if begin in part.ids), 0)
        kept = self._first_kept(conversation_id, parts, first, free)
        self._begins[conversation_id] = parts[kept].ids[0] if parts else ""
        return kept

    def _first_kept(self, conversation_id: str, parts: Sequence[Part], kept: int, free: int) -> int:
        """Return the first turn of the prompt, `free` tokens of which are not used yet.

        It stays where it was while the conversation fits, since a prompt with another beginning must be read again as
        a whole; when it no longer fits, turns are left out until half the context is free. The last turn always stays:
        if it alone is too long, the engine refuses it with numbers.
        """

        def tokens(first: int) -> int:
            return self._model.count_tokens(self._request(conversation_id, parts[first:]))

        if tokens(kept) + free <= self._room:
            return kept
        half = self._model.context_size // 2
        later = range(kept, max(kept, len(parts) - 1))  # halved again and again: each count reads the whole rest
        return kept + bisect_left(later, True, key=lambda first: tokens(first) <= half)

    def aside(self) -> "ContextWindow":
        """Return one that builds the same prompts, and of whose prompts nothing is remembered here."""
        other = ContextWindow(self._model, self._tools, self._thinking)
        other._begins = dict(self._begins)
        return other

    def forget(self, conversation_id: str) -> None:
        """Choose anew where the next prompt begins: what a failed turn pushed out may fit again without it."""
        self._begins.pop(conversation_id, None)

    def shorten(self, text: str) -> str:
        """Return a tool's text, cut to its share of the context, with a line that says so."""
        limit = self._model.context_size // RESULT_SHARE
        kept = text
        while kept and (tokens := self._count(kept)) > limit:
            kept = kept[: int(len(kept) * min(0.9, limit / tokens))]
        return text if kept == text else f"{kept}\n[Cut here: the first {len(kept)} of {len(text)} characters.]"
