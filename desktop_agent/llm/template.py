"""A model's chat template: jinja from the file, run where it can do no harm."""

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.spans import Seals
from desktop_agent.llm.template_process import TemplateProcess, TemplateStopped
from desktop_agent.llm.template_sandbox import Sandbox, TemplateFaulty, TemplateRefusal
from desktop_agent.messages import Json
from desktop_agent.paths import resources

__all__ = ["ANOTHER_MODEL", "CHATML", "ChatTemplate", "TemplateRefusal"]

CHATML = """{% for message in messages -%}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor -%}
{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""
"""For files that bring no template."""

ANOTHER_MODEL = "Choose another model, or another file of this one."


class ChatTemplate:
    """Renders messages as the model was trained to read them, the way the `transformers` library does.

    Templates that are known are rendered here, all others in a process of their own, with limits of time and memory.
    """

    def __init__(self, source: str, *, begin: str = "", end: str = "") -> None:
        """Compile the template; `begin` and `end` are the texts of the tokens around a text. Raises UserFacingError."""
        self.source = source or CHATML
        self._tokens: dict[str, Json] = {"bos_token": begin, "eos_token": end}
        try:
            self._template = Sandbox(self.source) if is_known(self.source) else TemplateProcess(self.source)
        except TemplateFaulty as error:
            raise UserFacingError(f"This model's chat template cannot be used ({error}).", ANOTHER_MODEL) from error
        except TemplateStopped as error:
            raise _stopped() from error

    def render(
        self, messages: Sequence[Mapping[str, Json]], seals: Seals, tools: Sequence[Json] = (), thinking: bool = False
    ) -> str:
        """Return the prompt with sealed texts in it; it ends where the model shall go on, with `thinking` if it can.

        Raises TemplateRefusal when the template does not take such messages, UserFacingError when it does not end.
        """
        variables: dict[str, Json] = {
            "messages": list(messages),
            "tools": list(tools) or None,
            "add_generation_prompt": True,
            "enable_thinking": thinking,
            **self._tokens,
        }
        if isinstance(self._template, Sandbox):
            return self._template.render(variables, seals.json)
        try:
            return self._template.render(variables, seals)
        except TemplateStopped as error:
            raise _stopped() from error


def is_known(source: str) -> bool:
    """Return whether somebody has looked at this very template, whatever white space is around it."""
    return source == CHATML or sha256(source.strip().encode()).hexdigest() in _known()


@cache
def _known() -> frozenset[str]:
    lines = (resources() / "templates.txt").read_text("ascii").splitlines()
    return frozenset(line.split()[0] for line in lines if not line.startswith("#"))


def _stopped() -> UserFacingError:
    message = "This model's chat template was stopped: it does not come to an end, or takes too much memory."
    return UserFacingError(message, ANOTHER_MODEL)
