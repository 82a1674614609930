"""Suggestions of what is worth keeping, made while nobody uses the program."""

import threading
from datetime import timedelta

from desktop_agent.agent.suggest import suggest
from desktop_agent.llm.protocol import ChatModel
from desktop_agent.storage.clock import now
from desktop_agent.storage.store import Store

CLOSED_AFTER = timedelta(minutes=2)
"""A chat in which nothing was said for so long is looked at."""


def suggest_from_chats(model: ChatModel, store: Store, stop: threading.Event) -> int:
    """Look at one chat after the other until `stop` is set or none is left; return how much is suggested."""
    count = 0
    while not stop.is_set() and (chat := store.examined.next(now(ago=CLOSED_AFTER))):
        turns = store.turns.get(store.examined.turn_ids(chat))
        found = suggest(model, turns, stop)
        if stop.is_set():
            break  # looked at again next time
        count += sum(store.suggestions.add(each.text, each.turn_id) is not None for each in found)
        store.examined.note(chat)
    return count
