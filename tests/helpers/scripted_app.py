"""The real App with a model that says what it was told to, memories that need no embedder, and layers that are on."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future

from desktop_agent.agent.protocols import Memory, StoredMessageLike
from desktop_agent.app import App
from desktop_agent.events import RecalledMemory
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.messages import RecallQuery, SavedMemory
from desktop_agent.model_desk import LoadProgress, Tell, untold
from desktop_agent.models.forecast import Forecast
from desktop_agent.paths import Paths
from desktop_agent.sandbox.layers import LAYERS, Layer


class Recollection:
    """Recalls the same for every question, and saves what it is given; implements the agent's Memory."""

    def __init__(self, memories: Sequence[RecalledMemory], saved: SavedMemory | None = None) -> None:
        self._memories = tuple(memories)
        self._saved = saved

    def take_wish(self, question: StoredMessageLike) -> SavedMemory | None:
        """Return what it was given, whatever the question asks for."""
        return self._saved

    def standing(self, tokens: int) -> tuple[RecalledMemory, ...]:
        """Return nothing."""
        return ()

    def recall(self, query: RecallQuery) -> tuple[RecalledMemory, ...]:
        """Return what it was given."""
        return self._memories

    def remember(self, message_ids: Sequence[str]) -> None:
        """Keep nothing."""

    def close(self) -> None:
        """Nothing is held."""


class ScriptedApp(App):
    """Loads `script` instead of a model file."""

    def __init__(self, paths: Paths, script: ScriptedModel, recalled: Sequence[RecalledMemory] = ()) -> None:
        super().__init__(paths)
        self.script = script
        self.recalled = recalled
        self.tooling._tested = Future()  # the self-test starts processes, which each window of a test would wait for
        self.tooling._tested.set_result(tuple(Layer(name, "on") for name in LAYERS))

    def load_model(
        self,
        name: str = "",
        progress: LoadProgress | None = None,
        *,
        tune: bool = False,
        tell: Tell = untold,
        cancel: threading.Event | None = None,
    ) -> None:
        """Use the script."""
        self.model = self.script

    def forecasts(self, cancel: threading.Event | None = None) -> dict[str, Forecast]:
        """Measure nothing."""
        return {}

    def open_memory(self) -> None:
        """Go by words: no embedder is loaded."""

    def memory_of(self, conversation_id: str) -> Memory | None:
        """Recall what was given, if anything was."""
        found = super().memory_of(conversation_id)
        return Recollection(self.recalled) if self.recalled and found else found
