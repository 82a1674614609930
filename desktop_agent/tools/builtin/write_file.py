"""A whole text file."""

from typing import Annotated

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.atomic import Held
from desktop_agent.tools.changes import FileChange, creation, existing, rewriting, status_of
from desktop_agent.tools.exact_text import ExactText, encoded
from desktop_agent.tools.finding import find
from desktop_agent.tools.outcome import Change
from desktop_agent.tools.place import Place
from desktop_agent.tools.quota import check_text
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.tool import tool


@tool(
    "write",
    group="files",
    title="Write file",
    icon="pencil",
    needs=("directory-descriptors",),
    before=Scope.require_roots,
    words="write save create store put file text copy 写 保存 新建 创建 存到 记到",
)
def write_file(
    scope: Scope,
    path: Annotated[str, "path inside a granted folder"],
    text: Annotated[str, "the whole content"],
) -> Change:
    """Write a text file: a new one, or one that was read before."""
    data = encoded(text)
    check_text(data)
    place = find(scope, path)
    if status_of(place) is None:
        return creation(scope, place, data, text)
    return _overwriting(scope, place, existing(place), text)


def _overwriting(scope: Scope, place: Place, held: Held, text: str) -> FileChange:
    if held.data and not scope.seen.whole(held.status):
        raise _unseen(scope, place, held)
    return rewriting(scope, place, held, ExactText.of(held.data, place.label), text)


def _unseen(scope: Scope, place: Place, held: Held) -> UserFacingError:
    if not scope.seen.any(held.status):
        said = f"'{place.label}' is there already, and was not read in this chat."
        return UserFacingError(said, "Read it with read_file first, or write to another name.")
    if not scope.seen.current(held.status):
        return UserFacingError(f"'{place.label}' was changed since it was read.", "Read it again with read_file.")
    return UserFacingError(f"Only a part of '{place.label}' was read.", "Read the rest first, or use edit_file.")
