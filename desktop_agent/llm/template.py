"""A model's chat template: jinja from the file, run in a sandbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.spans import Seals
from desktop_agent.messages import Json

CHATML = """{% for message in messages -%}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor -%}
{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""
"""For files that bring no template."""

ANOTHER_MODEL = "Choose another model, or another file of this one."

# A template is somebody's program: besides jinja's own errors it may add a number to a text.
_PROGRAM_ERRORS = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RuntimeError)


class TemplateRefusal(RuntimeError):
    """The template does not take these messages."""


class ChatTemplate:
    """Renders messages as the model was trained to read them, the way the `transformers` library does."""

    def __init__(self, source: str, *, begin: str = "", end: str = "") -> None:
        """Compile the template; `begin` and `end` are the texts of the tokens around a text. Raises UserFacingError."""
        from jinja2 import TemplateError

        self.source = source or CHATML
        self._tokens = {"bos_token": begin, "eos_token": end}
        try:
            self._template = _environment().from_string(self.source)
        except TemplateError as error:
            raise UserFacingError(f"This model's chat template cannot be used ({error}).", ANOTHER_MODEL) from error

    def render(
        self, messages: Sequence[Mapping[str, Json]], seals: Seals, tools: Sequence[Json] = (), thinking: bool = False
    ) -> str:
        """Return the prompt with sealed texts in it; it ends where the model shall go on, with `thinking` if it can.

        Raises TemplateRefusal when the template does not take such messages.
        """
        from jinja2 import TemplateError

        try:
            rendered: str = self._template.render(
                messages=list(messages),
                tools=list(tools) or None,
                add_generation_prompt=True,
                enable_thinking=thinking,
                seals=seals,
                **self._tokens,
            )
            return rendered
        except (TemplateError, *_PROGRAM_ERRORS) as error:
            raise TemplateRefusal(str(error)) from error


def _environment() -> Any:
    from jinja2 import pass_context
    from jinja2.ext import loopcontrols
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    @pass_context
    def tojson(context: Any, value: Json, **options: Json) -> str:
        seals: Seals = context["seals"]
        return seals.json(value, **options)

    # Frozen, since a date in the head of the prompt must not change while a conversation goes on.
    now = datetime.now().astimezone()
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    environment.filters["tojson"] = tojson
    environment.globals.update(raise_exception=_refuse, strftime_now=now.strftime)
    return environment


def _refuse(message: str) -> None:
    raise TemplateRefusal(message)
