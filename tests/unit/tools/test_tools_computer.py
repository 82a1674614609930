"""What tools tell of the computer, and what they ask the user."""

import getpass
import os
import platform
from pathlib import Path

import pytest

from desktop_agent.approvals import Question
from desktop_agent.errors import UserFacingError
from desktop_agent.tools.builtin.ask_user import ask_user
from desktop_agent.tools.builtin.read_clipboard import read_clipboard
from desktop_agent.tools.builtin.system_info import system_info
from desktop_agent.tools.protocols import Asker, Clipboard


class Board:
    def __init__(self, content: str) -> None:
        self.content = content

    def text(self) -> str:
        return self.content


class Person:
    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked: list[Question] = []

    def ask(self, question: Question) -> str:
        self.asked.append(question)
        return self.answer


def test_the_clipboard_is_read_as_text_from_outside():
    outcome = read_clipboard.run({}, {Clipboard: Board("copied")})
    assert (outcome.text, outcome.source) == ("copied", "the clipboard")
    assert (read_clipboard.effect, read_clipboard.untrusted) == ("read", True)
    assert "no text" in read_clipboard.run({}, {Clipboard: Board(" \n")}).text


def test_a_question_is_put_to_the_user():
    person = Person(" blue ")
    given = {"question": " Which colour? ", "choices": ["red", " blue", "", "red"]}
    assert ask_user.run(given, {Asker: person}) == "The user answers: blue"
    assert person.asked == [Question("Which colour?", ("red", "blue"))]
    assert "no answer" in ask_user.run({"question": "And?"}, {Asker: Person("")})
    with pytest.raises(UserFacingError, match="empty"):
        ask_user.run({"question": " "}, {Asker: person})


def test_the_computer_is_described_without_names_of_people_or_paths():
    text = system_info.run({}, {})
    assert [line.partition(":")[0] for line in text.splitlines()][:4] == ["System", "Processor", "Memory", "Disk"]
    assert f"{os.cpu_count()} threads" in text
    for private in {platform.node(), str(Path.home()), str(Path.cwd()), getpass.getuser()} - {""}:
        assert private not in text
    assert system_info.effect == "none"
