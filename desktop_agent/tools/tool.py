"""A tool is a typed function with a docstring; what the model sees comes from its signature."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, get_type_hints

from desktop_agent.approvals import Effect
from desktop_agent.messages import Json, ToolSpec
from desktop_agent.tools.outcome import Change, Outcome
from desktop_agent.tools.schema import arguments_model, checked, small_schema
from desktop_agent.tools.scope import Scope

Returned: TypeAlias = str | Outcome | Change
FOREIGN = "mcp:"
"""How the groups begin whose tools are described by another program."""
_PLAIN = (str, int, float, bool, list, dict)


@dataclass(frozen=True)
class Tool:
    """A function on offer.

    `group` is what the user switches on and off together; `title` and `icon` are for people. `needs` are the names of
    the sandbox layers (see `sandbox.layers`) without which it is off. `untrusted` says that its results are text from
    outside. `given` are the parameters that the model never sees, with the type of what they get: the Scope of the
    call, or a service of the program. `check` returns the arguments converted, or raises UserFacingError in one line.
    `before` raises UserFacingError when the call cannot work whatever its arguments are, so that nobody is asked.
    `reads` names the parameter, if there is one, by which a tool that only computes gets files: with it the user is
    asked every time. `words` are those of a question that call for it, beside the words of its name, title and group.
    """

    spec: ToolSpec
    effect: Effect
    group: str
    title: str
    icon: str
    needs: tuple[str, ...]
    untrusted: bool
    check: Callable[[Mapping[str, Json]], dict[str, Any]]
    function: Callable[..., Returned]
    given: Mapping[str, type]
    before: Callable[[Scope], None] | None = None
    words: str = ""
    reads: str = ""

    @property
    def name(self) -> str:
        """The name that the model calls it by."""
        return self.spec.name

    @property
    def has_effect(self) -> bool:
        """Whether it does more than answer."""
        return self.effect != "none"

    @property
    def is_foreign(self) -> bool:
        """Whether another program describes it."""
        return self.group.startswith(FOREIGN)

    def run(self, arguments: Mapping[str, Json], services: Mapping[type, object]) -> Returned:
        """Call the function. Raises UserFacingError, Cancelled, and whatever the function raises."""
        given = {name: services[kind] for name, kind in self.given.items()}
        return self.function(**self.check(arguments), **given)


def tool(  # noqa: PLR0913 -- each by its name, and all but two may be left out
    effect: Effect,
    *,
    group: str,
    title: str = "",
    icon: str = "tool",
    needs: tuple[str, ...] = (),
    untrusted: bool | None = None,
    before: Callable[[Scope], None] | None = None,
    words: str = "",
    reads: str = "",
) -> Callable[[Callable[..., Returned]], Tool]:
    """Make a Tool of a function: the first paragraph of its docstring is the description.

    A parameter whose type is a class of the program is given by the program, all others come from the model. Without a
    `title` it is the name in words. Results are text from outside unless the tool has no effect, or `untrusted` says.
    """

    def make(function: Callable[..., Returned]) -> Tool:
        hints = get_type_hints(function)
        given = {name: hint for name, hint in hints.items() if name != "return" and _is_given(hint)}
        arguments = arguments_model(function, frozenset(given))
        description = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
        return Tool(
            spec=ToolSpec(function.__name__, description, small_schema(arguments)),
            effect=effect,
            group=group,
            title=title or function.__name__.replace("_", " ").capitalize(),
            icon=icon,
            needs=needs,
            untrusted=effect not in ("none", "write") if untrusted is None else untrusted,
            check=partial(checked, arguments),
            function=function,
            given=given,
            before=before,
            words=words,
            reads=reads,
        )

    return make


def _is_given(hint: object) -> bool:
    return inspect.isclass(hint) and not issubclass(hint, _PLAIN)
