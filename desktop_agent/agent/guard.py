"""Notices that the model goes round in circles."""

import json
from collections import Counter

from desktop_agent.messages import ToolCall


class RepeatGuard:
    """Counts identical calls (same tool, same arguments) within one turn."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def times(self, call: ToolCall) -> int:
        """Count the call and return how often it has been made, this time included."""
        key = json.dumps([call.name, call.arguments], sort_keys=True, ensure_ascii=False)
        self._seen[key] += 1
        return self._seen[key]
