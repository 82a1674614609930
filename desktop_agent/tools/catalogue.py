"""The tools that come with the program. A new one is a file of its own and a line here."""

from desktop_agent.tools.current_time import current_time
from desktop_agent.tools.list_files import list_files
from desktop_agent.tools.read_file import read_file
from desktop_agent.tools.tool import Tool


def built_in_tools() -> tuple[Tool, ...]:
    """Return the tools in the order in which the model is told of them."""
    return (current_time, list_files, read_file)
