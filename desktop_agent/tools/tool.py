"""A tool is a typed function with a docstring; what the model sees comes from its signature."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_type_hints

from pydantic import BaseModel

from desktop_agent.messages import Json, ToolSpec
from desktop_agent.tools.schema import arguments_model, checked, small_schema
from desktop_agent.tools.scope import Scope

Effect: TypeAlias = Literal["none", "read"]
"""What a call does beyond answering: nothing, or it reads in granted folders, for which the user is asked."""


@dataclass(frozen=True)
class Tool:
    """A function on offer. `scope_name` is the parameter that gets the Scope, which the model never sees."""

    spec: ToolSpec
    effect: Effect
    arguments: type[BaseModel]
    function: Callable[..., str]
    scope_name: str

    @property
    def name(self) -> str:
        """The name that the model calls it by."""
        return self.spec.name

    def check(self, arguments: Mapping[str, Json]) -> dict[str, Any]:
        """Return the arguments converted; raises UserFacingError, in one line, when they do not fit."""
        return checked(self.arguments, arguments)

    def run(self, arguments: Mapping[str, Json], scope: Scope) -> str:
        """Call the function. Raises UserFacingError, Cancelled, and whatever the function raises."""
        injected = {self.scope_name: scope} if self.scope_name else {}
        return self.function(**self.check(arguments), **injected)


def tool(effect: Effect) -> Callable[[Callable[..., str]], Tool]:
    """Make a Tool of a function: the first paragraph of its docstring is the description."""

    def make(function: Callable[..., str]) -> Tool:
        hints = get_type_hints(function)
        scope_name = next((name for name, hint in hints.items() if hint is Scope), "")
        arguments = arguments_model(function, frozenset({scope_name}))
        description = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
        spec = ToolSpec(function.__name__, description, small_schema(arguments))
        return Tool(spec, effect, arguments, function, scope_name)

    return make
