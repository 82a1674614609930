"""A chat template in jinja's sandbox, which keeps it from the program's objects, but not from looping for ever."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from desktop_agent.messages import Json

# A template is somebody's program: besides jinja's own errors it may add a number to a text.
_PROGRAM_ERRORS = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RuntimeError)


class TemplateRefusal(RuntimeError):
    """The template does not take these messages."""


class TemplateFaulty(Exception):
    """The template is no program that jinja can read."""


class Sandbox:
    """A compiled template. Not thread-safe."""

    def __init__(self, source: str) -> None:
        """Raises TemplateFaulty."""
        from jinja2 import TemplateError

        self._json: Callable[..., str] = _refuse
        try:
            self._template = self._environment().from_string(source)
        except (TemplateError, *_PROGRAM_ERRORS) as error:
            raise TemplateFaulty(str(error)) from error

    def render(self, variables: Mapping[str, Json], json: Callable[..., str]) -> str:
        """Return the prompt; `json` is what writes values out for the template. Raises TemplateRefusal."""
        from jinja2 import TemplateError

        self._json = json
        try:
            return str(self._template.render(variables))
        except (TemplateError, *_PROGRAM_ERRORS) as error:
            raise TemplateRefusal(str(error)) from error

    def _environment(self) -> Any:
        from jinja2.ext import loopcontrols
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        # Frozen, since a date in the head of the prompt must not change while a conversation goes on.
        now = datetime.now().astimezone()
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, _generation()]
        )
        environment.filters["tojson"] = self._tojson
        environment.globals.update(raise_exception=_refuse, strftime_now=now.strftime)
        return environment

    def _tojson(self, value: Json, **options: Json) -> str:
        return self._json(value, **options)


def _generation() -> Any:
    """Return the word for `{% generation %}`, which marks what a model wrote for its training, and changes nothing."""
    from jinja2.ext import Extension

    class Generation(Extension):
        tags = {"generation"}  # noqa: RUF012 -- as jinja declares it

        def parse(self, parser: Any) -> Any:
            next(parser.stream)
            return parser.parse_statements(("name:endgeneration",), drop_needle=True)

    return Generation


def _refuse(message: str) -> str:
    raise TemplateRefusal(message)
