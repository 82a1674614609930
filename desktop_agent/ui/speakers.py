"""Who says what in a snippet of a chat, in the user's language."""

import re

from PySide6.QtCore import QCoreApplication

_SPEAKER = re.compile(r"^(User|Assistant): ", re.MULTILINE)


def spoken(text: str) -> str:
    """Return a snippet with its speakers named as the window names them; people from imported chats keep their name."""
    names = {
        "User": QCoreApplication.translate("speakers", "You: "),
        "Assistant": QCoreApplication.translate("speakers", "Assistant: "),
    }
    return _SPEAKER.sub(lambda found: names[found[1]], text)
