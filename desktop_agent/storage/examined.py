"""Which chats were looked at for suggestions."""

from desktop_agent.storage.database import Database


class Examined:
    """A chat is open for suggestions when the user said something in it that was not looked at yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(self, quiet_since: str) -> str:
        """Return the latest chat that nothing was said in since a time (ISO 8601 in UTC); empty when there is none."""
        rows = self._database.select(_NEXT, quiet_since)
        return str(rows[0][0]) if rows else ""

    def turn_ids(self, conversation_id: str) -> list[str]:
        """Return the ids of a chat's turns, oldest first."""
        query = "SELECT id FROM turns WHERE conversation_id = ? ORDER BY position"
        return [row[0] for row in self._database.select(query, conversation_id)]

    def note(self, conversation_id: str) -> None:
        """Note that all that was said in a chat was looked at."""
        query = """
            INSERT OR REPLACE INTO examined
            SELECT conversation_id, max(position) FROM turns WHERE conversation_id = ? GROUP BY conversation_id
        """
        self._database.execute(query, conversation_id)


_NEXT = """
    SELECT conversations.id FROM conversations
    JOIN turns ON turns.conversation_id = conversations.id
    LEFT JOIN examined ON examined.conversation_id = conversations.id
    WHERE conversations.deleted_at IS NULL AND conversations.saves_memory AND conversations.updated_at < ?
    GROUP BY conversations.id
    HAVING max(turns.position) > ifnull(max(examined.position), 0)
    ORDER BY conversations.updated_at DESC LIMIT 1
"""
