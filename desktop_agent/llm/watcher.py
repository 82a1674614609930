"""Follows an answer while it is written, and steers what looks like a tool call into the model's native form.

Text is held back only while it could still become a call. Once a call is certain the engine is told to rewind to before
it and to write it again behind the native marker, under a grammar that only lets valid calls through.
"""

import json
from collections.abc import Sequence

from desktop_agent.llm.actions import Action, BeginCall, Emit, EndAnswer, ParsedAnswer
from desktop_agent.llm.calls import parse_answer
from desktop_agent.llm.gbnf import arguments_grammar, call_grammar
from desktop_agent.llm.openings import PENDING, Opening, Openings, Search
from desktop_agent.messages import ToolSpec

_MOST_CALLS = 8


class CallWatcher:
    """Follows one answer of a dialect whose calls stand between `opening` and `closing`, on lines of their own."""

    def __init__(self, tools: Sequence[ToolSpec], opening: str, closing: str) -> None:
        """Prepare for one answer; without tools nothing is a call. Raises ValueError for a schema that is none."""
        self._tools = {tool.name: tool for tool in tools}
        self._openings = Openings(list(self._tools))
        self._opening = opening
        self._closing = f"\n{closing}"
        self._any_call = call_grammar(tools, self._closing) if tools else ""
        self._raw = ""
        self._search = Search()
        self._shown = 0
        self._calling = False
        self._calls: list[tuple[int, int]] = []

    @property
    def raw(self) -> str:
        """The answer so far as it was decoded, prefixes included, cut text not."""
        return self._raw

    def feed(self, text: str) -> Action:
        """Take the next piece of the answer and say what to do."""
        self._raw += text
        if self._calling:
            return Emit("")
        if self._calls:
            return self._after_call()
        self._search = self._openings.search(self._raw, self._search)
        shown, opening = self._show(self._search.settled), self._search.opening
        if not opening:
            return Emit(shown)
        if opening.name and opening.name not in self._tools:
            return EndAnswer(len(self._raw), shown)  # finish() names the fault
        return self._begin(opening, shown)

    def call_ended(self) -> None:
        """Note that the grammar of the last BeginCall is finished."""
        self._calling = False
        self._calls[-1] = (self._calls[-1][0], len(self._raw))

    def finish(self, cut: bool = False) -> ParsedAnswer:
        """Return the answer; `cut` says that the model did not end it by itself, so a half call is an error."""
        answer = parse_answer(self._raw, tuple(self._tools.values()), cut)
        return ParsedAnswer(answer.text, answer.raw, answer.calls, answer.error, answer.text[self._shown :])

    def _show(self, until: int) -> str:
        """Return what may be shown of the text before `until`; blanks wait for what follows them."""
        text = self._raw[self._shown : until].rstrip()
        self._shown += len(text)
        return text

    def _begin(self, opening: Opening, shown: str) -> BeginCall:
        """Return the action that rewinds to before the opening, or goes on from it when it is the native marker."""
        self._calling = True
        if self._raw[opening.start :] == self._opening:
            keep, prefix, gbnf = len(self._raw), "\n", self._any_call
        else:
            keep = len(self._raw[: opening.start].rstrip())
            prefix, gbnf = ("\n" if keep else "") + f"{self._opening}\n", self._any_call
            if opening.name:
                prefix += f'{{"name": {json.dumps(opening.name)}, "arguments":'
                gbnf = arguments_grammar(self._tools[opening.name], self._closing)
        self._raw = self._raw[:keep] + prefix
        self._calls.append((min(keep, opening.start), len(self._raw)))
        return BeginCall(keep, prefix, gbnf, shown)

    def _after_call(self) -> Action:
        """Return what to do with text behind a call: another call may follow, but no result that the model makes up."""
        end = self._calls[-1][1]
        rest = self._raw[end:]
        if not rest.strip():
            return Emit("")
        opening = self._openings.match(self._raw, len(self._raw) - len(rest.lstrip()))
        if opening is PENDING:
            return Emit("")
        if opening and len(self._calls) < _MOST_CALLS and not self._repeats_itself():
            return self._begin(opening, "")
        self._raw = self._raw[:end]
        return EndAnswer(end)

    def _repeats_itself(self) -> bool:
        """Tell whether the last call is one that was there before."""
        bodies = [self._raw[start:end].strip() for start, end in self._calls]
        return bodies[-1] in bodies[:-1]
