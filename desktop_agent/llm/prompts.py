"""A request's prompt as tokens: the whole of it, its stable head, and what of a half-typed one is certain."""

from collections.abc import Sequence
from dataclasses import replace

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.decoded import SampledAnswers
from desktop_agent.llm.prompt import PromptWriter
from desktop_agent.llm.protocol import Request
from desktop_agent.llm.states import common_prefix
from desktop_agent.llm.thinking import mode
from desktop_agent.llm.vocabulary import Vocabulary
from desktop_agent.messages import Message, ToolSpec

_ONE, _OTHER = Message("user", "A"), Message("user", "1")
"""Two questions with nothing in common: what prompts with either begin with is the head alone."""
_MORE = " …"

_Head = tuple[tuple[Message, ...], tuple[ToolSpec, ...], bool]


class Prompts:
    """Writes the prompts of one model. `answers` knows as which tokens earlier answers were sampled."""

    def __init__(self, writer: PromptWriter, vocabulary: Vocabulary, answers: SampledAnswers) -> None:
        self._writer = writer
        self._vocabulary = vocabulary
        self._answers = answers
        self._head: tuple[_Head, list[int]] | None = None

    def tokens(self, request: Request) -> list[int]:
        """Return the tokens of the whole prompt. Raises UserFacingError when the template refuses the messages."""
        spans = self._writer.write(request.messages, request.tools, mode(request))
        tokens = self._vocabulary.tokenise(spans, self._answers.get)
        begin = self._vocabulary.begin
        return [begin, *tokens] if self._vocabulary.adds_begin and tokens[:1] != [begin] else tokens

    def head(self, request: Request, prompt: Sequence[int]) -> int:
        """Return how many tokens at the prompt's beginning are the stable head; 0 when the request names none."""
        if not request.head:
            return 0
        head: _Head = (request.messages[: request.head], request.tools, request.thinking)
        if self._head is None or self._head[0] != head:
            self._head = head, self._head_tokens(request)
        tokens = self._head[1]
        return len(tokens) if list(prompt[: len(tokens)]) == tokens else 0

    def certain(self, request: Request) -> list[int]:
        """Return the tokens of the prompt that stay, however its last message goes on; of a chat's head alone, all."""
        if len(request.messages) <= request.head:
            return self._head_tokens(request)
        last = request.messages[-1]
        longer = replace(request, messages=(*request.messages[:-1], replace(last, text=last.text + _MORE)))
        prompt = self.tokens(request)
        return prompt[: common_prefix(prompt, self.tokens(longer))]

    def _head_tokens(self, request: Request) -> list[int]:
        messages = request.messages[: request.head]
        try:
            one, other = (self.tokens(replace(request, messages=(*messages, probe))) for probe in (_ONE, _OTHER))
        except UserFacingError:  # a template that takes no question there: the head alone says nothing then
            return []
        return one[: common_prefix(one, other)]
