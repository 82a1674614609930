"""What a template puts before an answer when it is asked for, when it is looked back at, and what it drops of it."""

import re
from collections.abc import Sequence
from itertools import takewhile

from desktop_agent.llm.spans import Seals, Span
from desktop_agent.llm.template import ChatTemplate, TemplateRefusal
from desktop_agent.llm.thinking import TAGS, Mode, Tags, opened_in
from desktop_agent.messages import Role

_QUESTION, _ANSWER, _RESULT = (Span(f"probe {word}", "data") for word in ("question", "answer", "result"))
_THOUGHT = "probe thought"
_PIECE = re.compile(r"<[^<>\s]*>|\[[^\[\]\s]*\]|.", re.DOTALL)

_Turns = Sequence[tuple[Role, Span]]


class Framing:
    """Learned from one template by trying it.

    `can_think` says whether the template does something else when thinking is wanted; one that always wants it, or
    never, does not.
    """

    def __init__(self, template: ChatTemplate, *, takes_results: bool) -> None:
        self._template = template
        questions = {thinking: self._rendered((("user", _QUESTION),), thinking) for thinking in (False, True)}
        self.can_think = questions[False] != questions[True]
        self._asked = {thinking: _between(spans) for thinking, spans in questions.items()}
        after: tuple[Role, Span] = ("tool", _RESULT) if takes_results else ("user", _RESULT)
        self._past = {thinking: self._change(thinking, ("user", _RESULT)) for thinking in (False, True)}
        self._current = {thinking: self._change(thinking, after) for thinking in (False, True)}
        known = [tags for tags in TAGS if tags.opening in template.source or tags.closing in template.source]
        self._kept = {
            is_last: {tags for tags in known or TAGS if self._keeps(tags, is_last)} for is_last in (False, True)
        }

    def opened(self, mode: Mode) -> Tags | None:
        """Return the tags between which an answer begins, when the prompt itself ends in the opening one."""
        return None if mode == "skipped" else opened_in(self._asked[mode == "on"])

    def ending(self) -> str:
        """Return what ends the thinking that a prompt without wish for it begins all the same."""
        tags = self.opened("off")
        return f"\n{tags.closing}\n\n" if tags else ""

    def keeps(self, head: str, *, is_last: bool) -> bool:
        """Tell whether the template leaves thinking, with its tags, in an answer of an earlier turn or of the last."""
        return any(tags.closing in head for tags in self._kept[is_last])

    def change(self, head: str, *, is_current: bool) -> tuple[str, str]:
        """Return what to take out of the prompt before an answer, and what to put there instead.

        An answer is shown to the model as it was when it was written; else the cached prompt could not be reused.
        `head` is what was thought before it; `is_current` says that it belongs to the turn that goes on.
        """
        if not head and self.opened("off"):  # it was not written by this model
            return "", ""
        return (self._current if is_current else self._past)[bool(head)]

    def _change(self, thinking: bool, after: tuple[Role, Span]) -> tuple[str, str]:
        spans = self._rendered((("user", _QUESTION), ("assistant", _ANSWER), after), thinking)
        told, asked = _PIECE.findall(_between(spans, _ANSWER)), _PIECE.findall(self._asked[thinking])
        common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(told, asked, strict=False)))
        surplus, missing = "".join(told[common:]), "".join(asked[common:])
        is_known = bool(common) and (thinking or not _without_tags(surplus).strip())
        return (surplus, missing) if is_known else ("", "")

    def _keeps(self, tags: Tags, is_last: bool) -> bool:
        answer = f"{tags.opening}\n{_THOUGHT}\n{tags.closing}\n\nprobe answer"
        messages = [("user", "probe question"), ("assistant", answer), ("user", "probe again")]
        if not is_last:
            messages += [("assistant", "probe later"), ("user", "probe at last")]
        try:
            rendered = self._template.render([{"role": role, "content": text} for role, text in messages], Seals())
        except TemplateRefusal:
            return False
        return _THOUGHT in rendered

    def _rendered(self, turns: _Turns, thinking: bool) -> list[Span]:
        """Return the prompt of these turns; nothing when the template refuses them."""
        seals = Seals()
        messages = [{"role": role, "content": seals.seal(span), "tool_call_id": "call00000"} for role, span in turns]
        try:
            return seals.open(self._template.render(messages, seals, thinking=thinking))
        except TemplateRefusal:
            return []


def _between(spans: Sequence[Span], end: Span | None = None) -> str:
    """Return what stands between the question and `end`, or behind it all; nothing where one of them is missing."""
    if _QUESTION not in spans or (end and end not in spans):
        return ""
    last = spans.index(end) if end else len(spans)
    return "".join(span.text for span in spans[spans.index(_QUESTION) + 1 : last])


def _without_tags(text: str) -> str:
    for tags in TAGS:
        text = text.replace(tags.closing, "").replace(tags.opening, "")
    return text
