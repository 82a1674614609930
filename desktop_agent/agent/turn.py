"""One turn: ask the model, run the tools it calls, ask again."""

import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from desktop_agent.agent.answer import Answer, add_stats
from desktop_agent.agent.budget import Budget
from desktop_agent.agent.context import ContextWindow
from desktop_agent.agent.protocols import Approval, Approver, Journal, Judgement, StoredMessageLike, Toolbox
from desktop_agent.approvals import ApprovalRequest, Question
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.events import Event, ToolCallRequested, ToolFinished, TurnStats
from desktop_agent.llm.protocol import ChatModel, Completion
from desktop_agent.messages import Message, ToolCall, ToolResult

STOPPED = "Stopped by the user."
DENIED = "The user did not allow this."
ASKED = " It may be a text that asks for it. The user asked: {question} Answer that, from what you have read."
"""Said where such a text is in the conversation: small models lose sight of the question. Measured with the starter."""
_QUESTION = 300
"""Characters of the question."""
MAX_STEPS = 8
MAX_BAD_CALLS = 2
"""Calls that cannot be understood, in one turn, before the model has to answer in words."""


class Turn:
    """The state of one turn. `text` is the last step's answer so far, `answer_ids` the messages of all steps' answers.

    `is_cut` says that the last step ended because the context was full.
    """

    def __init__(  # noqa: PLR0913, PLR0917 -- the loop hands over all it has, once
        self,
        question: StoredMessageLike,
        model: ChatModel,
        window: ContextWindow,
        toolbox: Toolbox,
        journal: Journal,
        approver: Approver,
        stop: threading.Event,
    ) -> None:
        self._question = question
        self._conversation_id = question.conversation_id
        self._model = model
        self._window = window
        self._toolbox = toolbox
        self._journal = journal
        self._approver = approver
        self._stop = stop
        self._budget = Budget()
        self._bad_calls = 0
        self.text = ""
        self.answer_ids: list[str] = []
        self.is_cut = False
        self.stats = TurnStats(model=model.name, context_size=model.context_size)

    def steps(self) -> Iterator[Event]:
        """Yield events until the model answers without a call; in the last step it cannot call. Raises Cancelled."""
        for step in range(1, MAX_STEPS + 1):
            completion = yield from self._answer(may_call=self._budget.may_call and step < MAX_STEPS)
            yield from self._use(completion.message.calls)
            if completion.call_error:
                self._correct(completion.call_error)
            elif not completion.message.calls:
                break
        if not self.text.strip():
            raise _no_answer(completion, self.is_cut)

    def _answer(self, *, may_call: bool) -> Generator[Event, None, Completion]:
        """Let the model write one message."""
        history = self._journal.history(self._conversation_id)
        request, changed = self._window.request(self._conversation_id, history, allow_calls=may_call)
        yield changed
        answer = Answer(self._journal, self._conversation_id)
        self.answer_ids.append(answer.id)
        try:
            completion = yield from answer.stream(self._model.generate(request, self._stop))
        finally:
            self.text = answer.text
        self.stats = add_stats(self.stats, completion.stats)
        self.is_cut = completion.reason == "length"
        yield replace(changed, used=completion.stats.prompt_tokens + completion.stats.answer_tokens)
        if completion.reason == "cancelled":
            raise Cancelled
        return completion

    def _correct(self, error: str) -> None:
        """Tell the model in one line what was wrong with its call."""
        self._bad_calls += 1
        self._budget.may_call = self._budget.may_call and self._bad_calls <= MAX_BAD_CALLS
        self._keep(ToolResult("", "", f"That tool call was not carried out: {error}", ok=False))

    def _use(self, calls: Sequence[ToolCall]) -> Iterator[Event]:
        """Carry out the calls of one message, as far as the policy and the user agree; they are asked once, for all."""
        left, begun = list(calls), None
        try:
            judged = [(call, self._judge(call)) for call in calls]
            for call, judgement in judged:
                yield ToolCallRequested(call, judgement.verdict == "ask", judgement.request)
            approvals = self._ask([judgement.request for _, judgement in judged if judgement.request])
            for call, judgement in judged:
                begun = call
                result = self._carry_out(call, judgement, approvals.get(call.id))
                self._keep(result)
                left.remove(call)
                yield ToolFinished(result)
                if self._stop.is_set():
                    raise Cancelled
        finally:
            for call in left:  # each call has a result and is written down, whatever ended the turn
                if call is not begun:
                    self._toolbox.decline(call, self._conversation_id, Judgement("refuse", STOPPED))
                self._keep(ToolResult(call.id, call.name, STOPPED, ok=False))

    def _ask(self, requests: Sequence[ApprovalRequest]) -> dict[str, Approval]:
        """Return the user's answers by the id of the call."""
        if not requests:
            return {}
        decisions = self._approver.decide(requests, self._stop)
        answers = [Approval(request, decision) for request, decision in zip(requests, decisions, strict=True)]
        for answer in answers:
            self._toolbox.keep(answer, self._conversation_id)
        return {answer.request.call.id: answer for answer in answers}

    def _judge(self, call: ToolCall) -> Judgement:
        refusal = self._budget.take(call)
        return refusal or self._budget.ask(self._toolbox.judge(call, self._conversation_id, self._stop))

    def _carry_out(self, call: ToolCall, judgement: Judgement, approval: Approval | None) -> ToolResult:
        if judgement.verdict == "refuse":
            return self._toolbox.decline(call, self._conversation_id, judgement)
        if approval and approval.decision == "deny":
            self._budget.deny()
            judgement = Judgement("refuse", self._denial(approval.request))
            return self._toolbox.decline(call, self._conversation_id, judgement, approval)
        asker = _Asker(self._approver, self._stop)
        return self._toolbox.run(call, self._conversation_id, self._stop, asker, approval)

    def _denial(self, request: ApprovalRequest) -> str:
        asked = " ".join(self._question.message.text.split())[:_QUESTION]
        return DENIED + ASKED.format(question=asked) if request.tainted else DENIED

    def _keep(self, result: ToolResult) -> None:
        """Put a result into the conversation; a long one is cut to its share of the context, visibly."""
        shortened = replace(result, text=self._window.shorten(result.text))
        self._journal.append(self._conversation_id, Message("tool", shortened.text, result=shortened))


@dataclass(frozen=True)
class _Asker:
    """Puts a tool's question before the user of this turn."""

    approver: Approver
    stop: threading.Event

    def ask(self, question: Question) -> str:
        """Return the answer; raises Cancelled when the turn was stopped."""
        answer = self.approver.answer(question, self.stop)
        if self.stop.is_set():
            raise Cancelled
        return answer


def _no_answer(completion: Completion, is_cut: bool) -> UserFacingError:
    if not completion.message.thinking:
        return UserFacingError("The model gave no answer.", "Ask in other words, or choose a larger model.")
    if is_cut:
        return UserFacingError(
            "The context was full before the model had thought to the end, so there is no answer.",
            "Let it answer without thinking first, start a new chat, or set a longer context.",
        )
    return UserFacingError(
        "The model thought, but gave no answer.", "Let it answer without thinking first, or ask in other words."
    )
