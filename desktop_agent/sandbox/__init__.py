"""Untrusted work under limits of the operating system; knows nothing of models or tools."""
