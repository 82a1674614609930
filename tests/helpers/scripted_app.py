"""The real App with a model that says what it was told to, and memories that need no embedder."""

from collections.abc import Sequence

from desktop_agent.app import App, LoadProgress
from desktop_agent.events import RecalledMemory
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.paths import Paths


class Recollection:
    """Recalls the same for every question; implements the agent's Memory."""

    def __init__(self, memories: Sequence[RecalledMemory]) -> None:
        self._memories = tuple(memories)

    def recall(self, question: str, conversation_id: str) -> tuple[RecalledMemory, ...]:
        """Return what it was given."""
        return self._memories

    def remember(self, exchange_id: str) -> None:
        """Keep nothing."""

    def close(self) -> None:
        """Nothing is held."""


class ScriptedApp(App):
    """Loads `script` instead of a model file."""

    def __init__(self, paths: Paths, script: ScriptedModel, recalled: Sequence[RecalledMemory] = ()) -> None:
        super().__init__(paths)
        self.script = script
        self.recalled = recalled

    def load_model(self, name: str = "", progress: LoadProgress | None = None) -> None:
        """Use the script."""
        self.model = self.script

    def open_memory(self) -> Recollection:  # type: ignore[override]
        """Recall what was given."""
        return Recollection(self.recalled)
