"""Asking an engine, in one line."""

import threading

from desktop_agent.events import TextDelta
from desktop_agent.llm.engine import Engine
from desktop_agent.llm.protocol import Completion, Request
from desktop_agent.messages import Message

SYSTEM = Message("system", "You are a helpful assistant.")


def chat(*texts: str, max_tokens: int = 40, stop: tuple[str, ...] = ()) -> Request:
    """Return a request for a conversation in which user and assistant take turns."""
    roles = ("user", "assistant")
    messages = [Message(roles[index % 2], text) for index, text in enumerate(texts)]  # type: ignore[arg-type]
    return Request((SYSTEM, *messages), max_tokens=max_tokens, stop=stop)


def ask(engine: Engine, request: Request) -> Completion:
    """Return the completion; what was shown must be its text."""
    *events, completion = engine.generate(request, threading.Event())
    assert isinstance(completion, Completion)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == completion.message.text
    return completion
