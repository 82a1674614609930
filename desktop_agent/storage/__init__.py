"""The encrypted database: conversations, messages, turns with their words, saved memories, forgetting, grants."""
