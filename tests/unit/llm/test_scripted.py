"""The scripted double keeps the promises of a ChatModel."""

import threading
import time

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.events import PromptProgress, TextDelta, TurnStats
from desktop_agent.llm.protocol import ChatModel, Completion, Request
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.messages import Message, ToolSpec

READ = ToolSpec("read_file", "", {"properties": {"path": {"type": "string"}}, "required": ["path"]})
CALL = 'I will read it.\n<tool_call>\n{"name": "read_file", "arguments": {"path": "a.txt"}}\n</tool_call>'


def ask(model, text="Hello", tools=(), **options):
    request = Request((Message("user", text),), tools, **options)
    return list(model.generate(request, threading.Event()))


def test_each_answer_is_given_once_in_pieces_behind_progress():
    model: ChatModel = ScriptedModel(["One two.", "Drei\n vier"])
    *begin, last = ask(model)
    assert begin[:2] == [PromptProgress(0, 1), PromptProgress(1, 1)]
    assert [event.text for event in begin if isinstance(event, TextDelta)] == ["One", " two."]
    assert (last.message, last.reason, last.call_error) == (Message("assistant", "One two."), "end", "")
    assert last.stats.answer_tokens == 2
    assert ask(model)[-1].message.text == "Drei\n vier"
    assert len(model.requests) == 2
    with pytest.raises(LookupError, match="2 answers"):
        ask(model)


def test_calls_are_parsed_and_only_the_text_is_shown():
    *begin, last = ask(ScriptedModel([CALL]), tools=(READ,))
    assert "".join(event.text for event in begin if isinstance(event, TextDelta)) == "I will read it."
    assert [(call.name, call.arguments) for call in last.message.calls] == [("read_file", {"path": "a.txt"})]
    assert last.message.raw == CALL


def test_a_wrong_call_is_reported_and_a_forbidden_one_is_text():
    (*_, wrong), (*_, forbidden) = (
        ask(ScriptedModel([CALL.replace("path", "file")]), tools=(READ,)),
        ask(ScriptedModel([CALL]), tools=(READ,), allow_calls=False),
    )
    assert (wrong.message.calls, wrong.call_error) == ((), "there is no argument 'file'; arguments are: path")
    assert (forbidden.message.text, forbidden.message.calls) == (CALL, ())


def test_where_a_value_is_wanted_there_are_no_calls():
    *_, last = ask(ScriptedModel([CALL]), tools=(READ,), schema={"type": "object"})
    assert (last.message.text, last.message.calls) == (CALL, ())


def test_a_completion_may_be_scripted_as_it_is():
    ready = Completion(Message("assistant", "So far"), "length", TurnStats(), "")
    events = ask(ScriptedModel([ready]))
    assert events[-1] is ready
    assert [event.text for event in events if isinstance(event, TextDelta)] == ["So", " far"]


def test_cancelling_stops_at_once_even_during_the_delay():
    model, cancel = ScriptedModel(["a b c d"], delay=30), threading.Event()
    events = model.generate(Request((Message("user", "Hi"),)), cancel)
    began = time.monotonic()
    threading.Timer(0.05, cancel.set).start()
    *_, last = events
    assert time.monotonic() - began < 5
    assert (last.reason, last.message.text) == ("cancelled", "")


def test_what_was_shown_before_cancelling_is_kept():
    cancel = threading.Event()
    events = ScriptedModel(["a b c"]).generate(Request((Message("user", "Hi"),)), cancel)
    for event in events:
        if isinstance(event, TextDelta):
            cancel.set()
        last = event
    assert (last.reason, last.message.text) == ("cancelled", "a")


def test_a_prompt_that_is_too_long_is_refused_with_numbers():
    model = ScriptedModel(["never"], context_size=5)
    with pytest.raises(UserFacingError, match="6 words long, but only 5 fit"):
        ask(model, "one two three four five six")
    assert model.requests == []


def test_candidates_are_the_next_answers():
    model = ScriptedModel(["One.", "Two.", "Three."])
    request = Request((Message("user", "Hi."),))
    assert [each.message.text for each in model.candidates(request, 2, threading.Event())] == ["One.", "Two."]
    assert model.requests == [request, request]
