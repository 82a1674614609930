"""The loop that turns one user message into a stream of events."""
