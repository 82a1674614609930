"""Prompt text with its origin, and the stand-ins that carry untrusted text through a chat template."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from desktop_agent.messages import Json

Origin: TypeAlias = Literal["template", "decoded", "data"]


@dataclass(frozen=True)
class Span:
    """A piece of a prompt.

    Where it comes from says which special tokens it may hold: "template" any, "decoded" (what the model itself wrote)
    only user-defined ones such as `<tool_call>`, "data" none: there `<|im_end|>` is ten characters and nothing else.
    """

    text: str
    origin: Origin


FIRST_SEAL = 0xF0000
SEAL = re.compile("[\U000f0000-\U0010ffff]")


class Seals:
    """Replaces texts by single private-use characters while a template is rendered, and puts them back afterwards.

    A template can then trim, compare or join what it likes: it never sees the text, so the text cannot become markup.
    """

    def __init__(self) -> None:
        self._sealed: list[tuple[Span, ...]] = []

    @property
    def count(self) -> int:
        """How many texts are sealed."""
        return len(self._sealed)

    def seal(self, *spans: Span) -> str:
        """Return the character that stands for the spans; nothing for empty ones, since templates ask `if content`."""
        kept = tuple(span for span in spans if span.text)
        if not kept:
            return ""
        self._sealed.append(kept)
        return chr(FIRST_SEAL + len(self._sealed) - 1)

    def open(self, rendered: str) -> list[Span]:
        """Return the rendered prompt as spans, the sealed texts in their places."""
        spans: list[Span] = []
        position = 0
        for match in SEAL.finditer(rendered):
            spans += [Span(rendered[position : match.start()], "template"), *self._spans(match[0])]
            position = match.end()
        spans.append(Span(rendered[position:], "template"))
        return [span for span in spans if span.text]

    def json(self, value: Json, **options: Json) -> str:
        """Return the value as JSON, sealed as a whole if strings inside it are: those are written out and escaped.

        Other JSON stays as it is, since templates cut it up (Mistral's takes the last brace off).
        """
        return self.seal_json(json.dumps(value, ensure_ascii=False, **options))

    def seal_json(self, text: str) -> str:
        """Return JSON that is written already, sealed as a whole if strings inside it are."""
        opened = SEAL.sub(lambda match: json.dumps(self._text(match[0]), ensure_ascii=False)[1:-1], text)
        return text if opened == text else self.seal(Span(opened, "data"))

    def guard(self, value: Json, is_harmless: Callable[[str], bool]) -> Json:
        """Return the value with every string sealed that is not harmless, keys included.

        Templates compare some strings of a tool's schema ("string", "array"), so harmless ones stay as they are.
        """
        if isinstance(value, str):
            return value if is_harmless(value) and not SEAL.search(value) else self.seal(Span(value, "data"))
        if isinstance(value, dict):
            return {self.guard(key, is_harmless): self.guard(item, is_harmless) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.guard(item, is_harmless) for item in value]
        return value

    def _spans(self, character: str) -> tuple[Span, ...]:
        index = ord(character) - FIRST_SEAL
        return self._sealed[index] if index < len(self._sealed) else ()

    def _text(self, character: str) -> str:
        return "".join(span.text for span in self._spans(character))
