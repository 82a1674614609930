"""What is in the clipboard."""

from desktop_agent.tools.outcome import Outcome
from desktop_agent.tools.protocols import Clipboard
from desktop_agent.tools.tool import tool


@tool("read", group="computer", title="Read clipboard", icon="clipboard", words="clipboard copied 剪贴板 复制")
def read_clipboard(clipboard: Clipboard) -> Outcome:
    """Get the text that the user copied to the clipboard."""
    text = clipboard.text()
    return Outcome(text if text.strip() else "There is no text in the clipboard.", source="the clipboard")
