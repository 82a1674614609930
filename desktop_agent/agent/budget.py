"""How much one turn may do, and how often it may interrupt the user."""

from desktop_agent.agent.guard import RepeatGuard
from desktop_agent.messages import ToolCall
from desktop_agent.tools.protocols import Judgement

MAX_CALLS = 32
MAX_REQUESTS = 20
"""Calls put before the user: whoever is asked more often no longer reads what they agree to."""
MAX_DENIALS = 3
SPENT = Judgement("refuse", "Not carried out: that were too many calls for one answer. Answer with what you know.")
REPEATED = Judgement(
    "refuse", "You made this very call before; its result is above. Answer with what you know, without a call."
)
ASKED_ENOUGH = Judgement("refuse", "Not carried out: the user is asked no more in this answer. Say what is left to do.")


class Budget:
    """What is left to one turn. `may_call` says whether the model may still call tools."""

    def __init__(self) -> None:
        self.may_call = True
        self._repeats = RepeatGuard()
        self._calls = self._requests = self._denials = 0

    def take(self, call: ToolCall) -> Judgement | None:
        """Count a call; return why it must not be carried out, None when it may be."""
        self._calls += 1
        if self._calls > MAX_CALLS:
            self.may_call = False
            return SPENT
        times = self._repeats.times(call)
        self.may_call = self.may_call and times <= 2  # the second time it is told so, the third ends it
        return REPEATED if times > 1 else None

    def ask(self, judgement: Judgement) -> Judgement:
        """Count a request, if that is what it is; return the judgement, or that the user is asked no more."""
        if judgement.verdict != "ask":
            return judgement
        self._requests += 1
        return ASKED_ENOUGH if self._requests > MAX_REQUESTS or self._denials >= MAX_DENIALS else judgement

    def deny(self) -> None:
        """Count that the user did not allow a call."""
        self._denials += 1
