"""Names and lines in granted folders."""

from typing import Annotated

from desktop_agent.tools.scope import Scope
from desktop_agent.tools.search import NAMES, Search, pattern
from desktop_agent.tools.shown import shown
from desktop_agent.tools.tool import tool


@tool(
    "read",
    group="files",
    title="Search files",
    icon="search",
    needs=("directory-descriptors",),
    before=Scope.require_roots,
    words="search find contain mention 查找 搜索 找到 包含 提到",
)
def search_files(
    scope: Scope,
    text: Annotated[str, "text, file name or regular expression"],
    folder: Annotated[str, "path inside a granted folder"] = ".",
) -> str:
    """Find files by name, and lines in them by text, in folders that the user granted."""
    scope.require_roots()
    search = Search(scope, pattern(text))
    if folder in ("", ".", "./"):
        for root in scope.roots:
            search.look(root.fd, scope.label(root, ()))
    else:
        with scope.open(folder) as opened:
            search.look(opened.fd, opened.label)
    return _report(search, text)


def _report(search: Search, text: str) -> str:
    parts = [f"Names with '{shown(text)}':", *search.names[:NAMES]] if search.names else []
    if len(search.names) > NAMES:
        parts.append(f"… and {len(search.names) - NAMES:,} more names")
    for label, lines in search.lines.items():
        parts += [f"{label}, line", *lines]
    if not parts:
        parts = [f"Nothing was found for '{shown(text)}'.", "Hidden files, PDF and Office documents are not searched."]
    return "\n".join((*parts, f"({search.ended})") if search.ended else parts)
