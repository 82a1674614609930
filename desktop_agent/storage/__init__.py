"""The encrypted database: conversations, messages, grants."""
