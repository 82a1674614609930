"""A real model that thinks first: primed by its template, small as it is."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from desktop_agent.events import TextDelta, ThinkingDelta
from desktop_agent.llm.engine import Engine
from desktop_agent.llm.loaded import LoadedModel
from desktop_agent.llm.protocol import Completion, Request
from desktop_agent.llm.template import ChatTemplate
from desktop_agent.messages import Message, ToolResult
from tests.helpers.thinking_templates import PRIMED, PRIMED_FORGETFUL

FRANCE, ITALY = (Message("user", f"What is the capital of {country}?") for country in ("France", "Italy"))


@contextmanager
def primed(path: Path, source: str) -> Iterator[Engine]:
    """Load a model as if its file had this template."""
    with patch.object(LoadedModel, "_template", lambda *_: ChatTemplate(source)):
        engine = Engine.load(path, context_tokens=1024)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def forgetful(small_path: Path) -> Iterator[Engine]:
    with primed(small_path, PRIMED_FORGETFUL) as engine:
        yield engine


@pytest.fixture(scope="module")
def keeping(small_path: Path) -> Iterator[Engine]:
    with primed(small_path, PRIMED) as engine:
        yield engine


def ask(engine: Engine, *messages: Message, thinking: bool = True, **how: object) -> Completion:
    """Return the completion; what was told on the way must be its thinking and its text, in this order."""
    request = replace(Request(messages, max_tokens=60, thinking=thinking), **how)
    *events, completion = engine.generate(request, threading.Event())
    assert isinstance(completion, Completion)
    told = [event for event in events if isinstance(event, TextDelta | ThinkingDelta)]
    assert [event.kind for event in told] == sorted((event.kind for event in told), reverse=True)
    for kind, whole in ((ThinkingDelta, completion.message.thinking), (TextDelta, completion.message.text)):
        assert "".join(event.text for event in told if isinstance(event, kind)) == whole
    return completion


def test_a_model_thinks_first_when_that_is_wanted(forgetful):
    assert forgetful.can_think
    done = ask(forgetful, FRANCE)
    assert done.reason == "end"
    assert "France" in done.message.thinking
    assert done.message.text == "Paris."
    assert done.message.raw.startswith(done.message.thinking)
    assert done.message.raw.endswith("</think>\n\nParis.")
    plain = ask(forgetful, FRANCE, thinking=False)
    assert (plain.message.thinking, plain.message.raw) == ("", "")
    assert "Paris" in plain.message.text


def test_a_model_whose_template_knows_of_no_thinking_cannot_think(small):
    assert not small.can_think


def test_dropped_thinking_is_in_no_later_prompt_and_costs_only_what_follows_it(forgetful):
    first = ask(forgetful, FRANCE)
    later = ask(forgetful, FRANCE, first.message, ITALY)
    asked = first.stats.prompt_tokens
    assert asked - 5 < later.stats.reused_tokens < asked + 1  # all before the place where the block was opened
    thoughtless = Message("assistant", "Paris.", raw="\n</think>\n\nParis.")
    without = forgetful.count_tokens(Request((FRANCE, thoughtless, ITALY), thinking=True))
    assert later.stats.prompt_tokens == without
    assert "Rome" in later.message.text


def test_kept_thinking_is_reused_to_its_last_token(keeping):
    first = ask(keeping, FRANCE)
    later = ask(keeping, FRANCE, first.message, ITALY)
    assert later.stats.reused_tokens >= first.stats.prompt_tokens + first.stats.answer_tokens - 1
    assert "Rome" in later.message.text


def test_within_a_turn_everything_is_reused(forgetful):
    first = ask(forgetful, FRANCE)
    result = Message("tool", result=ToolResult("", "", "That was right."))
    later = ask(forgetful, FRANCE, first.message, result)
    assert later.stats.reused_tokens >= first.stats.prompt_tokens + first.stats.answer_tokens - 1


def test_answers_without_thinking_keep_their_prompt(forgetful):
    first = ask(forgetful, FRANCE, thinking=False)
    later = ask(forgetful, FRANCE, first.message, ITALY, thinking=False)
    assert later.stats.reused_tokens >= first.stats.prompt_tokens + first.stats.answer_tokens - 1


@pytest.mark.parametrize("limit", [1, 4])
def test_thinking_that_is_cut_off_is_no_answer(forgetful, limit):
    cut = ask(forgetful, FRANCE, max_tokens=limit)
    assert (cut.reason, cut.message.text, cut.message.raw) == ("length", "", "")
    assert cut.message.thinking
    assert ask(forgetful, FRANCE).message.text == "Paris."


def test_thinking_can_be_stopped(forgetful):
    cancel = threading.Event()
    request = Request((FRANCE,), thinking=True)
    for event in forgetful.generate(request, cancel):
        if isinstance(event, ThinkingDelta):
            cancel.set()
    assert isinstance(event, Completion)
    assert (event.reason, event.message.text, event.message.raw) == ("cancelled", "", "")
    assert event.message.thinking
    assert ask(forgetful, FRANCE).message.text == "Paris."


def test_a_stop_string_counts_only_in_the_answer(forgetful):
    whole = ask(forgetful, FRANCE).message
    assert "is" in whole.thinking
    stopped = ask(forgetful, FRANCE, stop=("is",)).message
    assert stopped.thinking == whole.thinking
    assert stopped.text == "Par"


def test_a_value_is_written_without_thinking(forgetful):
    schema = {"type": "object", "properties": {"capital": {"type": "string", "maxLength": 20}}, "required": ["capital"]}
    value = ask(forgetful, FRANCE, schema=schema)
    assert value.message.thinking == ""
    assert value.message.text.startswith('{"capital"')
