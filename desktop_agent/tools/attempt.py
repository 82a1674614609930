"""One call on its way: the tool it is for, and all that the tool is given."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import ToolCall
from desktop_agent.tools.outcome import Change, Outcome
from desktop_agent.tools.tool import Tool

LONGEST = 200_000
"""Characters of a call's arguments: far more than any context holds."""


class ToolRefusal(UserFacingError):
    """What a tool says when it cannot do what was asked; it may hold text from outside, such as names of files."""


@dataclass(frozen=True)
class Attempt:
    """`given` are the Scope, the Asker and the services of the call; `foreign` says that a tool on offer is described
    in the words of another program, which the model reads in every prompt."""

    call: ToolCall
    tool: Tool
    conversation_id: str
    given: Mapping[type, object]
    foreign: bool = False

    def plan(self) -> Change | None:
        """Return the change that a writing tool would make, nothing for others. Raises as the tool does."""
        if self.tool.effect != "write":
            return None
        planned = self._run()
        if not _is_change(planned):
            raise TypeError(f"{self.tool.name} writes, so it must return a change")
        return planned

    def run(self) -> Outcome:
        """Return what a tool that writes nothing says. Raises as the tool does."""
        returned = self._run()
        return returned if isinstance(returned, Outcome) else Outcome(str(returned))

    def _run(self) -> object:
        try:
            return self.tool.run(self.call.arguments, self.given)
        except UserFacingError as error:
            if not self.tool.has_effect:
                raise
            raise ToolRefusal(error.message, error.hint) from error


def check_size(call: ToolCall) -> None:
    """Raise UserFacingError for arguments that no honest call has: huge ones, and brackets without end."""
    try:
        size = len(json.dumps(dict(call.arguments)))
    except (ValueError, TypeError, RecursionError) as error:
        raise UserFacingError("The arguments are no JSON, or nested too deeply.", "Make a simpler call.") from error
    if size > LONGEST:
        raise UserFacingError(f"The arguments are too long: {size:,} characters.", f"At most {LONGEST:,} are taken.")


def _is_change(returned: object) -> TypeGuard[Change]:
    return hasattr(returned, "apply")
