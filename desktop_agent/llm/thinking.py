"""What a model thinks before it answers, told apart from the answer while both are written.

Only the beginning of an answer can be thinking: the same tags further on are talked about, not meant.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from desktop_agent.llm.protocol import Request
from desktop_agent.messages import Message

Mode: TypeAlias = Literal["off", "on", "skipped"]
"""Whether a template is asked for thinking; "skipped" also ends what a template begins that always wants it."""


@dataclass(frozen=True)
class Tags:
    """What thinking stands between."""

    opening: str
    closing: str


TAGS = (
    Tags("<think>", "</think>"),  # Qwen, DeepSeek, LFM2, Nemotron, GLM, SmolLM3 and most others
    Tags("[THINK]", "[/THINK]"),  # Magistral, Ministral
    Tags("<|channel>thought", "<channel|>"),  # Gemma
    Tags("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),  # gpt-oss
    Tags("<seed:think>", "</seed:think>"),  # Seed-OSS
)


def mode(request: Request) -> Mode:
    """Return whether the request's answer begins with thinking; a value of a schema never does."""
    if request.schema is not None:
        return "skipped"
    return "on" if request.thinking else "off"


def opened_in(prompt: str) -> Tags | None:
    """Return the tags between which an answer behind this text begins, if the text ends in an opening one."""
    return next((tags for tags in TAGS if prompt.rstrip().endswith(tags.opening)), None)


class ThinkingSplitter:
    """Takes an answer in any pieces, and hands out thinking and answer apart.

    `thinking` is what was thought so far, without the blanks around it. `head` is all that was written before the
    answer, tags and blanks included: `head` and the answer together are the whole.
    """

    def __init__(self, opened: Tags | None = None) -> None:
        """With `opened` the prompt has the opening tag already."""
        self.head = ""
        self.thinking = ""
        self._opened = opened
        self._tags = opened
        self._state: Literal["before", "inside", "behind", "answer"] = "before"
        self._held = ""
        self._blanks = ""

    def push(self, text: str) -> tuple[str, str]:
        """Return what of the text, and of what was held back, is thinking, and what is answer."""
        if self._state == "answer":
            return "", text
        self._held += text
        self._look_for_opening()
        thought = self._inside()
        self._look_for_answer()
        return thought, self._answer()

    def flush(self) -> tuple[str, str]:
        """Return what is held back: nothing follows."""
        if self._state == "before":
            self._state = "inside" if self._opened else "answer"
        thought = self._think(self._taken(len(self._held))) if self._state == "inside" else ""
        return thought, self._answer()

    def skip(self) -> None:
        """Expect no thinking: all that comes is answer."""
        self._state = "answer"

    def _look_for_opening(self) -> None:
        """Leave the state "before" once it is certain what the answer begins with."""
        begin = self._held.lstrip()
        if self._state != "before" or not begin:
            return
        possible = (self._opened,) if self._opened else TAGS
        found = next((tags for tags in possible if begin.startswith(tags.opening)), None)
        if found:
            self._tags, self._state = found, "inside"
            self._taken(len(self._held) - len(begin) + len(found.opening))
        elif not any(tags.opening.startswith(begin) for tags in possible):
            self._state = "inside" if self._opened else "answer"

    def _inside(self) -> str:
        """Return what is certainly thinking, and leave that state where the closing tag is."""
        if self._state != "inside" or not self._tags:
            return ""
        closing = self._tags.closing
        end = self._held.find(closing)
        if end < 0:
            return self._think(self._taken(len(self._held) - _overlap(self._held, closing)))
        thought = self._think(self._taken(end))
        self._taken(len(closing))
        self._state = "behind"
        return thought

    def _look_for_answer(self) -> None:
        """The blanks behind the closing tag are no part of the answer."""
        if self._state == "behind":
            begin = self._held.lstrip()
            self._taken(len(self._held) - len(begin))
            self._state = "answer" if begin else "behind"

    def _answer(self) -> str:
        if self._state != "answer":
            return ""
        text, self._held = self._held, ""
        return text

    def _taken(self, length: int) -> str:
        """Move the first characters that are held back into the head, and return them."""
        text, self._held = self._held[:length], self._held[length:]
        self.head += text
        return text

    def _think(self, text: str) -> str:
        """Add to what was thought; return what that adds to `thinking`: blanks wait for what follows them."""
        text = self._blanks + text
        thought = text.rstrip()
        self._blanks = text[len(thought) :]
        if not self.thinking:
            thought = thought.lstrip()
        self.thinking += thought
        return thought


def parted(message: Message) -> tuple[str, str]:
    """Return an answer as it was decoded in two parts: what was thought, tags included, and the answer itself."""
    if not message.raw:
        return "", message.text
    for opened in (None, *TAGS):
        splitter = ThinkingSplitter(opened)
        answer = splitter.push(message.raw)[1] + splitter.flush()[1]
        if splitter.thinking == message.thinking and answer.startswith(message.text):
            return splitter.head, answer
    return "", message.raw


def _overlap(text: str, tag: str) -> int:
    """Return how many of the last characters could begin the tag."""
    longest = min(len(text), len(tag) - 1)
    return next((length for length in range(longest, 0, -1) if tag.startswith(text[-length:])), 0)
