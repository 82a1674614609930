"""Every tool of the program has a name, a group and an icon that the window knows."""

from desktop_agent.messages import ToolCall
from desktop_agent.paths import resources
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.ui import tool_names
from desktop_agent.ui.tools_groups import ICONS


def test_each_tool_has_an_icon() -> None:
    tools = built_in_tools()
    assert {tool.group for tool in tools} <= tool_names.GROUPS.keys() & ICONS.keys()
    icons = {*(tool_names.icon(tool.name) for tool in tools), *ICONS.values()}
    assert [icon for icon in icons if not (resources() / "icons" / f"{icon}.svg").exists()] == []


def test_no_name_is_left_over() -> None:
    assert set(tool_names.TITLES) <= {tool.title for tool in built_in_tools()}  # a new one may wait for a translator
    assert tool_names.GROUPS.keys() == {tool.group for tool in built_in_tools()}


def test_a_tool_from_elsewhere_cannot_hide_in_its_name() -> None:
    assert tool_names.title("a\u202eb") == "a\\u202eb"
    assert tool_names.icon("a_b") == "tool"
    assert tool_names.group_title("mcp:x", "X\u200b") == "X\\u200b"


def test_a_text_of_several_lines_keeps_them_and_a_name_does_not() -> None:
    rows = dict(tool_names.rows(ToolCall("1", "x", {"path": "a\nb", "code": "a\nb\nc\u200b", "files": ["a\n"]})))
    assert rows == {"path": "a\\u000ab", "code": "a\nb\nc\\u200b", "files": '["a\\n"]'}
