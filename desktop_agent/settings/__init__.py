"""Preferences, and the key that opens the database."""
