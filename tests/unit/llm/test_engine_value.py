"""An answer that must be one JSON value of a schema."""

import json
import threading
from dataclasses import replace

from desktop_agent.events import TextDelta
from desktop_agent.llm.protocol import Completion
from tests.helpers.asking import ask, chat

SCHEMA = {
    "type": "object",
    "properties": {
        "capital": {"type": "string", "maxLength": 30},
        "people": {"type": "integer", "minimum": 0, "maximum": 99},
        "rivers": {"type": "array", "items": {"enum": ["Seine", "Rhine"]}, "maxItems": 2},
    },
    "required": ["capital", "people", "rivers"],
    "additionalProperties": False,
}
QUESTION = "What is the capital of France?"


def test_the_answer_is_one_value_of_the_schema_and_ends_there(tiny):
    completion = ask(tiny, replace(chat(QUESTION, max_tokens=200), schema=SCHEMA))
    value = json.loads(completion.message.text)
    assert list(value) == ["capital", "people", "rivers"]
    assert 0 <= value["people"] <= 99
    assert (completion.reason, completion.message.calls, completion.message.raw) == ("end", (), "")


def test_nothing_of_the_value_is_shown_before_it_is_whole(tiny):
    request = replace(chat(QUESTION, max_tokens=200), schema=SCHEMA)
    *events, last = tiny.generate(request, threading.Event())
    assert [event.text for event in events if isinstance(event, TextDelta)] == [last.message.text]


def test_a_value_that_is_cut_off_says_so_and_free_answers_follow(tiny):
    cut = ask(tiny, replace(chat(QUESTION, max_tokens=4), schema=SCHEMA))
    assert cut.reason == "length"
    assert ask(tiny, chat(QUESTION)).message.text == "The capital of France is Paris."


def test_a_value_can_be_stopped(tiny):
    cancel = threading.Event()
    request = replace(chat(QUESTION, max_tokens=0), schema={"type": "string", "minLength": 1500})
    threading.Timer(0.3, cancel.set).start()
    *_, last = tiny.generate(request, cancel)
    assert isinstance(last, Completion)
    assert last.reason == "cancelled"
