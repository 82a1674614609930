"""Which tools a chat is offered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from desktop_agent.approvals import Effect
from desktop_agent.messages import ToolSpec
from desktop_agent.tools.builtin.current_time import current_time
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.offer import CORE, FEW, MOST, Offer
from desktop_agent.tools.tool import Tool


def a_tool(name: str, group: str, words: str = "", effect: Effect = "read") -> Tool:
    spec = ToolSpec(name, "", {"type": "object", "properties": {}})
    return replace(current_time, spec=spec, group=group, words=words, effect=effect)


CORE_TOOLS = tuple(a_tool(name, "basics") for name in sorted(CORE))
REMIND = a_tool("add_reminder", "reminders", "remind alarm 提醒")
NOTE = a_tool("add_note", "notes")
DELETE = a_tool("delete_file", "files", "delete remove 删除")
CLOCK = a_tool("time_convert", "mcp:time")
ALL = (DELETE, NOTE, *CORE_TOOLS, REMIND, CLOCK)
SORTED = sorted(tool.name for tool in ALL)


@dataclass
class Chat:
    """A chat, and what is switched on in it."""

    questions: list[str] = field(default_factory=list)
    choices: dict[str, bool] = field(default_factory=dict)
    tools: Sequence[Tool] = ALL
    parameters: int = FEW - 1

    def names(self, *questions: str, disabled: str = "") -> list[str]:
        self.questions += questions

        def chosen(_chat: str) -> Mapping[str, bool]:
            return self.choices

        def said(_chat: str) -> Sequence[str]:
            return self.questions

        def wanted(is_wanted: Callable[[str], bool]) -> list[Tool]:
            return [tool for tool in self.tools if is_wanted(tool.group)]

        offer = Offer(wanted, chosen, said, lambda group: group != disabled, self.parameters)
        return [tool.name for tool in offer("chat")]


def test_a_small_model_is_offered_what_everyday_questions_need() -> None:
    assert Chat().names("Hello!") == sorted(CORE)


def test_a_larger_model_is_offered_all() -> None:
    assert Chat(parameters=FEW).names() == SORTED


@pytest.mark.parametrize(
    "question",
    ["Remind me to call Ann.", "Which reminders are there?", "Was I reminded?", "明天提醒我买牛奶", "SET AN ALARM"],
)
def test_a_question_calls_for_a_tool(question: str) -> None:
    assert Chat().names(question) == [*sorted(CORE), "add_reminder"]


@pytest.mark.parametrize(
    "question", ["What are reminiscences?", "Delegate it.", "A noteworthy thing", "I am alarmingly late", "请提问"]
)
def test_other_words_do_not(question: str) -> None:
    assert Chat().names(question) == sorted(CORE)


def test_without_words_a_tool_goes_by_its_name_and_server() -> None:
    assert Chat().names("Take a note.") == [*sorted(CORE), "add_note"]
    assert Chat().names("Convert it.") == [*sorted(CORE), "time_convert"]
    assert Chat().names("Add two and two.") == sorted(CORE), "that word calls for nothing in particular"


def test_what_was_called_for_stays_and_the_others_keep_their_places() -> None:
    chat = Chat()
    first = chat.names("Delete it.")
    assert first == [*sorted(CORE), "delete_file"]
    assert chat.names("Thanks!") == first
    assert chat.names("Take a note.")[: len(CORE)] == first[: len(CORE)]


def test_the_user_decides() -> None:
    assert Chat(choices={"notes": True}).names("Hello!") == [
        tool.name for tool in sorted((NOTE, *CORE_TOOLS), key=lambda it: it.name)
    ]
    assert "add_note" not in Chat(choices={"notes": False}).names("Take a note.")
    assert Chat(choices={"basics": False}).names("Hello!") == []
    assert "add_note" not in Chat(choices={"notes": False}, parameters=FEW).names("Take a note.")


def test_a_server_that_is_switched_off_is_on_offer_where_the_user_wants_it() -> None:
    assert "time_convert" not in Chat(parameters=FEW).names(disabled="mcp:time")
    assert "time_convert" in Chat(parameters=FEW, choices={"mcp:time": True}).names(disabled="mcp:time")


def test_no_question_calls_for_more_than_a_small_model_can_tell_apart() -> None:
    many = tuple(a_tool(f"note_{number}", f"mcp:notes{number}") for number in range(50))
    assert len(Chat(tools=(*CORE_TOOLS, *many)).names("Take a note.")) == MOST


@pytest.mark.parametrize(
    ("question", "called"),
    [
        ("Delete old.txt.", "delete_file"),
        ("Please remove the old file", "delete_file"),
        ("Change Sunday to Monday in letter.txt.", "edit_file"),
        ("Rename a.txt to b.txt", "move_file"),
        ("Take a note: milk", "add_note"),
        ("What do my notes say about Bern?", "read_notes"),
        ("Remind me tomorrow at nine to call Ann.", "add_reminder"),
        ("Draw a chart of my expenses", "run_python"),
        ("How much memory has this computer?", "system_info"),
        ("Summarise report.pdf", "read_document"),
        ("What have I copied?", "read_clipboard"),
        ("删除 old.txt", "delete_file"),
        ("提醒我明天九点开会", "add_reminder"),
        ("把 a.txt 重命名为 b.txt", "move_file"),
        ("记下：买牛奶", "add_note"),
        ("用 Python 代码统计字数", "run_python"),
    ],
)
def test_everyday_words_call_for_the_tools_of_the_program(question: str, called: str) -> None:
    assert called in Chat(tools=built_in_tools()).names(question)


@pytest.mark.parametrize(
    "question",
    [
        "Hello!",
        "What is the capital of France?",
        "What is the total in invoice.txt?",
        "Which files are in my folder?",
        "Write a short poem about rain.",
        "Translate 'good morning' into German.",
        "法国的首都是哪里？",
        "What time is it?",
    ],
)
def test_most_questions_call_for_nothing_more(question: str) -> None:
    chat = Chat(tools=built_in_tools())
    assert set(chat.names(question)) == CORE
    assert sum(len(str(vars(tool.spec))) for tool in built_in_tools() if tool.name in CORE) < 2500
