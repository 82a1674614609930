"""Which groups of tools a chat may use, where the user chose."""

from desktop_agent.storage.database import Database


class ChatTools:
    """The choices of one database; they go with their chat."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def choices(self, conversation_id: str) -> dict[str, bool]:
        """Return by group what the user chose for a chat; groups without a choice are left out."""
        query = "SELECT tool_group, enabled FROM chat_tools WHERE conversation_id = ?"
        return {group: bool(enabled) for group, enabled in self._database.select(query, conversation_id)}

    def choose(self, conversation_id: str, group: str, enabled: bool) -> None:
        """Keep a choice. Raises UserFacingError when the conversation is gone."""
        query = "INSERT OR REPLACE INTO chat_tools VALUES (?, ?, ?)"
        self._database.execute(query, conversation_id, group, enabled)
