"""Pictures of what a model thinks: while it does, folded above the answer, unfolded in a chat that is opened again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop_agent.events import TurnStats
from desktop_agent.llm.protocol import Completion
from desktop_agent.messages import Message
from desktop_agent.ui import translation
from desktop_agent.ui.theme import Theme

if TYPE_CHECKING:
    from tests.helpers.screenshots import Album, Studio

QUESTION = "A bat and a ball cost 1.10 EUR together. The bat costs 1 EUR more than the ball. What does the ball cost?"
THOUGHT = """The user gives two facts: together they cost 1.10 EUR, and the bat costs 1 EUR more than the ball.

The tempting answer is 0.10 EUR. Then the bat would cost 1.10 EUR, and both together 1.20 EUR. That is wrong.

Let the ball cost x. Then x + (x + 1.00) = 1.10, so 2x = 0.10 and x = 0.05. The bat costs 1.05 EUR, together 1.10 EUR. \
<b>That fits.</b>"""
ANSWER = "The ball costs **0.05 EUR**, and the bat 1.05 EUR: together 1.10 EUR, and the difference is 1 EUR."
QUESTION_ZH = "球拍和球一共 1.10 欧元，球拍比球贵 1 欧元。球多少钱？"
THOUGHT_ZH = (
    "设球的价格为 x，则 x + (x + 1.00) = 1.10，所以 2x = 0.10，x = 0.05。\n检验：球拍 1.05 欧元，合计 1.10 欧元。"
)
ANSWER_ZH = "球的价格是 **0.05 欧元**，球拍是 1.05 欧元。"


def take(
    album: "Album", application: QApplication, theme: Theme, studio: "Callable[..., AbstractContextManager[Studio]]"
) -> None:
    """Take them all: light, dark and in Chinese."""
    scenes = (("en", "light", QUESTION, THOUGHT, ANSWER), ("en", "dark", QUESTION, THOUGHT, ANSWER))
    for language, look, question, thought, answer in (*scenes, ("zh_CN", "light", QUESTION_ZH, THOUGHT_ZH, ANSWER_ZH)):
        translation.install(application, language)
        theme.choose(look)
        done = Completion(Message("assistant", answer, thinking=thought), "end", TurnStats("Qwen3 4B", 60, 60))
        with studio(done, delay=0.02) as at:
            at.start()
            _live(album, at, question, f"thinking-{look}-{language}")
    theme.choose("light")


def _live(album: "Album", at: "Studio", question: str, name: str) -> None:
    from tests.helpers.screenshots import settle, until

    at.ask(question, wait=False)
    until(lambda: bool(at.window.panel.transcript.views[-1].answer.thoughts))
    settle(0.6)
    album.take(at.window, f"{name}-live")
    until(lambda: at.window.chat.turns.live is None)
    album.take(at.window, f"{name}-folded")
    chat = at.window.chat.conversation_id
    at.window.chat.new()
    at.window.chat.open(chat)
    until(lambda: bool(at.window.panel.transcript.views))
    at.window.panel.transcript.views[-1].answer.thoughts[0].button.click()
    album.take(at.window, f"{name}-history")
