"""A real database and real tools around an agent; the model is up to the test."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from desktop_agent.agent.loop import Agent
from desktop_agent.agent.protocols import Memory, StoredMessageLike
from desktop_agent.approvals import ApprovalRequest, Decision, Question
from desktop_agent.consent import ConsentedMemory
from desktop_agent.events import Event
from desktop_agent.llm.protocol import ChatModel
from desktop_agent.memory import recall
from desktop_agent.memory.wishes import wish
from desktop_agent.messages import Message, SavedMemory, ToolCall
from desktop_agent.storage.database import Database
from desktop_agent.storage.store import Store
from desktop_agent.storage.transcript import StoredMessage
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.folders import Folders
from desktop_agent.tools.protocols import NoteStore, ReminderStore
from desktop_agent.tools.tool import Tool
from desktop_agent.tools.toolbox import Toolbox

FEW = ("current_time", "list_files", "read_file")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class FixedApprover:
    """Always decides the same, and remembers what it was asked."""

    decision: Decision = "once"
    asked: list[ToolCall] = field(default_factory=list)
    requests: list[ApprovalRequest] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    reply: str = ""

    def decide(self, requests: Sequence[ApprovalRequest], stop: threading.Event) -> list[Decision]:
        """Return the fixed decision for each."""
        self.requests += requests
        self.asked += [request.call for request in requests]
        return [self.decision] * len(requests)

    def answer(self, question: Question, stop: threading.Event) -> str:
        """Return the fixed answer."""
        self.questions.append(question)
        return self.reply


class World:
    """A conversation, with everything an agent needs around it."""

    def __init__(self, tmp_path: Path) -> None:
        self.database = Database.open(tmp_path / "agent.db", bytes(32))
        self.store = Store(self.database)
        self.transcript = self.store.transcript
        self.permissions = self.store.permissions
        self.folders = Folders(self.permissions, tmp_path / "home")
        self.chat = self.store.conversations.create().id
        self.approver = FixedApprover()
        self.stop = threading.Event()

    def agent(self, model: ChatModel, memory: Memory | None = None) -> Agent:
        """Return an agent with three tools, so that prompts are as long with every version."""
        few = [tool for tool in built_in_tools() if tool.name in FEW]
        return Agent(model, self.toolbox(few), lambda _: memory, self.transcript, clock=lambda: NOON)

    def toolbox(
        self,
        tools: Sequence[Tool] | None = None,
        services: Mapping[type, object] | None = None,
        offered: Callable[[str], Sequence[Tool]] | None = None,
    ) -> Toolbox:
        """Return a toolbox over this world's database; all sandbox layers are there as far as it is told.

        Without `tools` it has all built-in ones; `offered` chooses by the chat.
        """
        all_ = built_in_tools() if tools is None else tools
        return Toolbox(
            offered or (lambda _chat: all_),
            self.folders,
            self.permissions,
            self.store.audit,
            self.store.undo_copies,
            {NoteStore: self.store.notes, ReminderStore: self.store.reminders, **(services or {})},
            lambda _layer: "",
        )

    def memory(self) -> ConsentedMemory:
        """Return the real memory of this database; without an index it goes by words."""
        found = recall.Memory(self.store.turns, None, self.store.saved, self.store.dismissals)
        return ConsentedMemory(found, self._save_wish, uses=True, saves=True)

    def _save_wish(self, question: StoredMessageLike) -> SavedMemory | None:
        wanted = wish(question.message.text)
        return self.store.saved.add(wanted.text, "said", message_id=question.id) if wanted else None

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
