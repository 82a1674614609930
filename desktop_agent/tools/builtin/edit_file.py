"""A piece of a text file."""

from typing import Annotated

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.changes import existing, rewriting
from desktop_agent.tools.exact_text import ExactText, encoded
from desktop_agent.tools.finding import find
from desktop_agent.tools.outcome import Change
from desktop_agent.tools.quota import check_text
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.tool import tool


@tool(
    "write",
    group="files",
    title="Edit file",
    icon="pencil",
    needs=("directory-descriptors",),
    before=Scope.require_roots,
    words="edit change replace correct fix update append insert rewrite 修改 替换 改成 更正 编辑",
)
def edit_file(
    scope: Scope,
    path: Annotated[str, "path inside a granted folder"],
    old: Annotated[str, "exact text that is there once"],
    new: Annotated[str, "what replaces it"],
) -> Change:
    """Replace one piece of text in a file."""
    check_text(encoded(new))
    place = find(scope, path)
    held = existing(place)
    exact = ExactText.of(held.data, place.label)
    if exact.windows:
        old, new = old.replace("\r\n", "\n"), new.replace("\r\n", "\n")
    _check_once(exact.text, old, place.label)
    return rewriting(scope, place, held, exact, exact.text.replace(old, new))


def _check_once(text: str, old: str, label: str) -> None:
    """Raise UserFacingError unless the old text is there exactly once."""
    if not old:
        raise UserFacingError("The old text is empty.", "Give the exact text that is to be replaced.")
    first = text.find(old)
    if first < 0:
        raise UserFacingError(f"The old text is not in '{label}'.", _hint(text, old))
    if text.find(old, first + 1) >= 0:
        said = f"The old text is in '{label}' several times."
        raise UserFacingError(said, "Give more of the text around it, so that it is there once.")


def _hint(text: str, old: str) -> str:
    if " ".join(old.split()) in " ".join(text.split()):
        return "Blanks or line ends differ: copy it exactly as read_file shows it."
    if old.casefold() in text.casefold():
        return "Capital letters differ: copy it exactly as read_file shows it."
    return "Read it with read_file and copy the exact text."
