"""A real database and real tools around an agent; the model is up to the test."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from desktop_agent.agent.loop import Agent
from desktop_agent.agent.protocols import Decision, Memory
from desktop_agent.events import Event
from desktop_agent.llm.protocol import ChatModel
from desktop_agent.messages import Message, ToolCall
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.permissions import Permissions
from desktop_agent.storage.transcript import StoredMessage, Transcript
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.folders import Folders
from desktop_agent.tools.toolbox import Toolbox

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class FixedApprover:
    """Always decides the same, and remembers what it was asked."""

    decision: Decision = "once"
    asked: list[ToolCall] = field(default_factory=list)

    def decide(self, call: ToolCall, stop: threading.Event) -> Decision:
        """Return the fixed decision."""
        self.asked.append(call)
        return self.decision


class World:
    """A conversation, with everything an agent needs around it."""

    def __init__(self, tmp_path: Path) -> None:
        self.database = Database.open(tmp_path / "agent.db", bytes(32))
        self.transcript = Transcript(self.database)
        self.permissions = Permissions(self.database)
        self.folders = Folders(self.permissions, tmp_path / "home")
        self.chat = Conversations(self.database).create().id
        self.approver = FixedApprover()
        self.stop = threading.Event()

    def agent(self, model: ChatModel, memory: Memory | None = None) -> Agent:
        """Return an agent with the built-in tools."""
        toolbox = Toolbox(built_in_tools(), self.folders, self.permissions)
        return Agent(model, toolbox, lambda _: memory, self.transcript, clock=lambda: NOON)

    def turn(self, agent: Agent, text: str, on_event: Callable[[Event], None] = lambda event: None) -> list[Event]:
        """Run a whole turn and return its events."""
        events = []
        for event in self.stream(agent, text):
            on_event(event)
            events.append(event)
        return events

    def stream(self, agent: Agent, text: str) -> Iterator[Event]:
        """Store a question and return the events of its turn."""
        question = self.transcript.append(self.chat, Message("user", text))
        return agent.run(question, self.approver, self.stop)

    def history(self) -> list[StoredMessage]:
        """Return the conversation as it is on disk."""
        return list(self.transcript.history(self.chat))
