"""What a server answered, as text."""

import json
from typing import TYPE_CHECKING

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.outcome import Outcome
from desktop_agent.tools.shown import shown, size
from desktop_agent.visible import without_controls

if TYPE_CHECKING:
    import mcp_types

_LONGEST = 100_000
_LONGEST_FAULT = 2000


def outcome(server: str, result: "mcp_types.CallToolResult") -> Outcome:
    """Return the text of a result; pictures and sounds are named. Raises UserFacingError when it is a failure."""
    blocks = [_text(block) for block in result.content]
    if not blocks and result.structured_content is not None:
        blocks = [json.dumps(result.structured_content, ensure_ascii=False, indent=1)]
    text = without_controls("\n".join(blocks)[:_LONGEST])
    if result.is_error:
        raise UserFacingError(f"The MCP server '{server}' says: {text[:_LONGEST_FAULT] or 'it failed.'}")
    return Outcome(text or "(nothing)", source=f"the MCP server '{server}'")


def _text(block: "mcp_types.ContentBlock") -> str:
    match block.type:
        case "text":
            return block.text
        case "image" | "audio":
            return f"[{block.type}: {shown(block.mime_type, 60)}, {_decoded_size(block.data)}; it is not shown]"
        case "resource_link":
            return f"[link: {shown(block.name, 100)}, {shown(str(block.uri), 300)}]"
        case "resource":
            return _resource(block.resource)


def _resource(resource: "mcp_types.TextResourceContents | mcp_types.BlobResourceContents") -> str:
    name = shown(str(resource.uri), 300)
    if hasattr(resource, "text"):
        return f"[{name}]\n{resource.text}"
    return f"[{name}: {shown(resource.mime_type or 'data', 60)}, {_decoded_size(resource.blob)}; it is not shown]"


def _decoded_size(base64: str) -> str:
    return size(len(base64) * 3 // 4)
