"""An exchange as the embedder reads it, and as the model is reminded of it."""

from desktop_agent.messages import Exchange

_EMBEDDED_QUESTION = 1000
_EMBEDDED_ANSWER = 300
"""Characters. Long answers blur what was asked: every doubling costs a little recall."""
_QUESTION_TOKENS = 60
_TOKENS = 120


def passage(exchange: Exchange) -> str:
    """Return the text to embed. Without the date: it made short exchanges look alike."""
    return f"{exchange.question[:_EMBEDDED_QUESTION]}\n{exchange.answer[:_EMBEDDED_ANSWER]}"


def excerpt(exchange: Exchange) -> str:
    """Return the exchange in about 120 tokens."""
    question = shortened(exchange.question, _QUESTION_TOKENS)
    answer = shortened(exchange.answer, _TOKENS - int(_cost(question)))
    return f"User: {question}\nAssistant: {answer}"


def shortened(text: str, tokens: int) -> str:
    """Return the beginning of a text on one line, in about so many tokens."""
    line = " ".join(text[: tokens * 8].split())
    spent = 0.0
    for end, char in enumerate(line):
        spent += _cost(char)
        if spent > tokens:
            return f"{line[:end].rstrip()}…"
    return line if len(text) <= tokens * 8 else f"{line}…"


def _cost(text: str) -> float:
    """Estimate tokens: about four ASCII characters make one, of others each is one."""
    return sum(0.25 if char.isascii() else 1.0 for char in text)
