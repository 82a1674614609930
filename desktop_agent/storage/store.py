"""All tables of one database."""

from collections.abc import Callable

from desktop_agent.storage.audit import Audit
from desktop_agent.storage.chat_tools import ChatTools
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.dismissals import Dismissals
from desktop_agent.storage.examined import Examined
from desktop_agent.storage.forgetting import Forgetting
from desktop_agent.storage.mcp_servers import McpServers
from desktop_agent.storage.notes import Notes
from desktop_agent.storage.permissions import Permissions
from desktop_agent.storage.reminders import Reminders
from desktop_agent.storage.saved_memories import SavedMemories
from desktop_agent.storage.suggestions import Suggestions
from desktop_agent.storage.transcript import Transcript
from desktop_agent.storage.turns import Turns
from desktop_agent.storage.undo_copies import UndoCopies


class Store:
    """The tables, each behind a class of its own. `paused` says whether what is said now stays out of memory."""

    def __init__(self, database: Database, paused: Callable[[], bool] = lambda: False) -> None:
        self.database = database
        self.conversations = Conversations(database)
        self.transcript = Transcript(database, paused)
        self.permissions = Permissions(database)
        self.turns = Turns(database)
        self.saved = SavedMemories(database)
        self.suggestions = Suggestions(database)
        self.dismissals = Dismissals(database)
        self.examined = Examined(database)
        self.forgetting = Forgetting(database)
        self.audit = Audit(database)
        self.undo_copies = UndoCopies(database)
        self.notes = Notes(database)
        self.reminders = Reminders(database)
        self.mcp_servers = McpServers(database)
        self.chat_tools = ChatTools(database)
