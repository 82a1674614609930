"""Files that are named by their path, and what they are good for."""

from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.models.catalogue import Role
from desktop_agent.models.gguf_file import read_head
from desktop_agent.models.missing import ModelMissing
from desktop_agent.models.splits import pieces

EMBEDDER = "embedder"


def existing_file(path: Path) -> Path:
    """Return the absolute path of a file of the user's; raise UserFacingError when there is none."""
    path = path.expanduser().absolute()
    if not path.is_file():
        raise UserFacingError(f"There is no file {path}.", "Check the spelling.")
    return path


def foreign_file(path: Path, role: Role | None) -> Path:
    """Return the file of a model, the first one of a split model; raise when it is no whole model for that `role`."""
    if not path.is_file():
        raise ModelMissing(f"There is no file {path}.", "Check the spelling, or see: desktop-agent models list")
    refuse_another(path.name, role, of_texts=read_head(path).pools)
    return pieces(path)[0]


def refuse_another(name: str, role: Role | None, *, of_texts: bool) -> None:
    """Raise UserFacingError when a chat model is to embed or an embedding model is to chat."""
    if role == "embedding" and not of_texts:
        hint = f"Choose an embedding model, such as {EMBEDDER}. See: desktop-agent models list"
        raise UserFacingError(f"{name} is a model that chats: it cannot find memories.", hint)
    if role == "chat" and of_texts:
        hint = "Choose another model. See: desktop-agent models list"
        raise UserFacingError(f"{name} is a model that finds memories: it cannot chat.", hint)


def is_same(one: Path, other: Path) -> bool:
    """Return whether two paths lead to one file."""
    try:
        return one.samefile(other)
    except OSError:
        return False
