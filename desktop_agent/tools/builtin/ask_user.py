"""A question back to the user."""

from typing import Annotated

from desktop_agent.approvals import Question
from desktop_agent.errors import UserFacingError
from desktop_agent.tools.protocols import Asker
from desktop_agent.tools.tool import tool

_CHOICES = 8


@tool("none", group="basics", title="Ask you", icon="question", words="ask choose decide pick 问我 选择 决定")
def ask_user(asker: Asker, question: str, choices: Annotated[tuple[str, ...], "answers to choose from"] = ()) -> str:
    """Ask the user something that you must know to go on."""
    if not question.strip():
        raise UserFacingError("The question is empty.")
    offered = tuple(dict.fromkeys(choice.strip() for choice in choices if choice.strip()))[:_CHOICES]
    answer = asker.ask(Question(question.strip(), offered)).strip()
    return f"The user answers: {answer}" if answer else "The user gave no answer. Go on as seems best."
