"""The bytes of a file as text, for the tools."""

from desktop_agent.decoding import decode, kind_of

__all__ = ["decode", "kind_of"]
