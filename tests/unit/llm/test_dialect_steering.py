"""What a watcher holds back, shows, and turns into a native call, whatever pieces the text comes in."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_agent.llm.dialect import HERMES, PLAIN, BeginCall, Emit, EndAnswer, dialect_for
from desktop_agent.messages import ToolCall, ToolResult, ToolSpec

PROPERTIES = settings(
    deadline=None, max_examples=100, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
TOOLS = (
    ToolSpec("read_file", "Read a file.", {"properties": {"path": {"type": "string"}}, "required": ["path"]}),
    ToolSpec("read", "Read a page.", {"properties": {"url": {"type": "string"}}}),
    ToolSpec("current_time", "Tell the time.", {"type": "object", "properties": {}}),
)


def follow(text, pieces=1, dialect=HERMES, tools=TOOLS):
    """Feed the text in pieces up to the first call; return the watcher, what was shown, and that call's action."""
    watcher, shown = dialect.watch(tools), ""
    for start in range(0, len(text), pieces):
        action = watcher.feed(text[start : start + pieces])
        shown += action.text
        if not isinstance(action, Emit):
            return watcher, shown, action
    return watcher, shown, None


CALLS = [
    '```json\n{"name": "read_file", "arguments": {"path": "a.txt"}}\n```',
    '```json\n{\n  "name": "read_file",\n  "arguments": {\n    "path": "a.txt"\n  }\n}\n```',
    '```\n{"name": "read_file", "arguments": {}}',
    '```tool_call\n{"name": "read_file", "parameters": {}}',
    '{"name": "read_file", "arguments": {"path": "a.txt"}}',
    '{"name":"read_file","arguments":{}}',
    '{{"name": "read_file", "arguments": {}}}',
    '[{"name": "read_file", "arguments": {}}]',
    '{"function": "read_file", "arguments": {}}',
    '{"tool": "read_file", "parameters": {}}',
    '{"type": "function", "function": {"name": "read_file", "arguments": {}}}',
    "{'name': 'read_file', 'arguments': {}}",
    '<tools>\n{"name": "read_file", "arguments": {}}\n</tools>',
    '<function_call>{"name": "read_file", "arguments": {}}',
]


@pytest.mark.parametrize("pieces", [1, 4, 1000])
@pytest.mark.parametrize("before", ["", "I will read the file.", "Look:\n\n"])
@pytest.mark.parametrize("call", CALLS)
def test_a_call_in_any_spelling_is_rewound_and_begun_natively(call, before, pieces):
    text = f"{before}\n{call}" if before else call
    watcher, shown, action = follow(text, pieces)
    kept = before.rstrip()
    assert isinstance(action, BeginCall)
    assert shown == kept
    assert action.keep == len(kept)
    assert action.prefix == ("\n" if kept else "") + '<tool_call>\n{"name": "read_file", "arguments":'
    assert watcher.raw == kept + action.prefix


@pytest.mark.parametrize("pieces", [1, 4, 1000])
@pytest.mark.parametrize("call", ['```json\n{"name": "rea.der", "arguments": {', '\n{"function": "_x1", "parameters":'])
def test_a_tool_that_the_model_made_up_ends_the_answer_with_an_error(call, pieces):
    watcher, shown, action = follow(call, pieces)
    assert (shown, isinstance(action, EndAnswer)) == ("", True)
    answer = watcher.finish()
    assert (answer.text, answer.calls) == ("", ())
    assert "; tools are: read_file, read, current_time." in answer.error


def test_a_tool_without_arguments_may_leave_them_out():
    _, _, action = follow('{"name": "current_time"}')
    assert isinstance(action, BeginCall)
    assert '"name": "current_time"' in action.prefix


@pytest.mark.parametrize("pieces", [1, 11])
def test_the_native_marker_is_kept_when_it_is_the_last_thing_written(pieces):
    watcher, shown, action = follow("<tool_call>", pieces)
    assert (shown, action.keep, action.prefix) == ("", 11, "\n")
    assert watcher.raw == "<tool_call>\n"


def test_the_native_marker_with_more_behind_it_is_written_again():
    watcher, shown, action = follow('Yes.\n<tool_call>{"name"', 1000)
    assert (shown, action.keep, action.prefix) == ("Yes.", 4, "\n<tool_call>\n")
    assert watcher.raw == "Yes.\n<tool_call>\n"


TEXTS = [
    'Here you are:\n```json\n{"name": "Bob", "age": 3}\n```\nDone.',
    '{"name": "The Reader", "arguments": {}}',
    '{"name": "reader", "age": 3}',
    'So:\n{"name": "reader", "arguments": {}}',
    '{"name": "read_file", "description": "reads a file"}',
    '[{"name": "read_file"}, {"name": "current_time"}]',
    '```python\nprint({"name": 1})\n{"name": "read_file", "arguments": {}}\n```\nThat was code.',
    "In Hermes a call begins with `<tool_call>` on a line.",
    'It writes "<tool_call>" first.',
    "if a < b and c <t> d:\n    {x}\n  [y]",
    "``` \n```json\n{",
    "  \n indented\n\n",
    "| a | b |\n|---|---|\n",
    "你好，{世界}\n{名字}",
]


@pytest.mark.parametrize("pieces", [1, 3, 1000])
@pytest.mark.parametrize("text", TEXTS)
def test_text_that_is_no_call_comes_through_untouched(text, pieces):
    watcher, shown, action = follow(text, pieces)
    answer = watcher.finish()
    assert action is None
    assert shown + answer.tail == answer.text == answer.raw == text
    assert (answer.calls, answer.error) == ((), "")


FRAGMENTS = st.sampled_from(
    [*'`{[<é\n "', "```", "json", '"name"', ": ", '"read_file"', ', "arguments"', "<tool_call>", "tool"]
)


@PROPERTIES
@given(text=st.lists(FRAGMENTS, max_size=14).map("".join), pieces=st.integers(1, 5))
def test_what_is_shown_never_has_to_be_taken_back(text, pieces):
    whole, piecewise = follow(text, 1000), follow(text, pieces)
    for watcher, shown, action in (whole, piecewise):
        answer = watcher.finish(cut=True)
        assert shown + answer.tail == answer.text
        assert action is None or answer.text == shown
    assert (whole[2] is None) == (piecewise[2] is None)


def test_little_is_held_back():
    watcher = HERMES.watch(TOOLS)
    assert [watcher.feed(piece).text for piece in ("Hi", " ", "there", "\n", "```", "python", "\n", "x")] == [
        "Hi", "", " there", "", "", "\n```python", "", "\nx",
    ]  # fmt: skip
    assert watcher.finish().tail == ""


def test_without_permission_to_call_nothing_is_steered_or_parsed():
    text = '<tool_call>\n{"name": "read_file", "arguments": {"path": "a"}}\n</tool_call>'
    watcher = HERMES.watch(TOOLS, allow_calls=False)
    assert watcher.feed(text) == Emit(text)
    assert watcher.finish().text == text
    assert watcher.finish().calls == ()


def write_call(watcher, action, name, arguments, close="\n</tool_call>"):
    """Write what a model writes under the action's grammar."""
    begun = f'{{"name": "{name}", "arguments":'
    body = "" if action.prefix.endswith(begun) else begun
    assert watcher.feed(f"{body} {json.dumps(arguments)}}}{close}") == Emit("")
    watcher.call_ended()


def test_several_calls_in_one_answer():
    watcher, _, action = follow("Both.\n" + CALLS[0])
    write_call(watcher, action, "read_file", {"path": "a.txt"})
    assert watcher.feed("\n") == Emit("")
    second = watcher.feed("<tool_call>")
    assert isinstance(second, BeginCall)
    assert (second.keep, second.prefix) == (len(watcher.raw) - 1, "\n")
    write_call(watcher, second, "current_time", {})
    answer = watcher.finish()
    assert answer.text == "Both."
    assert [(call.name, call.arguments) for call in answer.calls] == [
        ("read_file", {"path": "a.txt"}),
        ("current_time", {}),
    ]
    assert len({call.id for call in answer.calls}) == 2


@pytest.mark.parametrize("more", ["\n<tool_response>\nsecret", "\nThe file says", "\n```\nDone.", "x"])
def test_what_the_model_makes_up_behind_a_call_is_cut_off(more):
    watcher, _, action = follow(CALLS[0])
    write_call(watcher, action, "read_file", {"path": "a.txt"})
    end = len(watcher.raw)
    actions = [watcher.feed(letter) for letter in more]
    assert EndAnswer(end) in actions
    assert [call.arguments for call in watcher.finish().calls] == [{"path": "a.txt"}]


def test_a_repeated_call_ends_the_answer():
    watcher, _, action = follow(CALLS[0])
    write_call(watcher, action, "read_file", {"path": "a.txt"})
    write_call(watcher, watcher.feed("\n<tool_call>"), "read_file", {"path": "a.txt"})
    assert isinstance(watcher.feed("\n<tool_call>"), EndAnswer)


def test_a_call_that_is_cut_off_is_an_error_not_half_a_call():
    watcher, _, _ = follow(CALLS[0])
    watcher.feed(' {"path": "a.t')
    answer = watcher.finish(cut=True)
    assert answer.calls == ()
    assert "not complete" in answer.error


def test_held_back_text_is_handed_out_at_the_end():
    watcher, shown, _ = follow('Well\n```json\n{"na')
    assert (shown, watcher.finish(cut=True).tail) == ("Well", '\n```json\n{"na')


def test_a_schema_that_is_none_is_refused_at_once():
    with pytest.raises(ValueError, match="'odd'"):
        HERMES.watch([ToolSpec("odd", "", {"properties": {"a": {"enum": []}}})])


def test_the_template_decides_the_dialect():
    assert dialect_for("{% if tools %}...<tool_call>...") is HERMES
    assert dialect_for("{{ messages[0].content }}") is PLAIN


def test_plain_models_are_told_of_tools_in_words_and_call_in_a_fence():
    told = PLAIN.describe_tools(TOOLS)
    assert all(tool.name in told and tool.description in told for tool in TOOLS)
    assert (PLAIN.describe_tools(()), HERMES.describe_tools(TOOLS)) == ("", "")
    watcher, _, action = follow("Sure.\n" + CALLS[4], dialect=PLAIN)
    assert action.prefix == '\n```json\n{"name": "read_file", "arguments":'
    write_call(watcher, action, "read_file", {"path": "a"}, close="\n```")
    answer = watcher.finish()
    assert (answer.text, [call.arguments for call in answer.calls]) == ("Sure.", [{"path": "a"}])


@pytest.mark.parametrize("dialect", [HERMES, PLAIN])
def test_a_call_as_text_is_read_back_as_the_same_call(dialect):
    call = ToolCall("1", "read_file", {"path": 'Ä "quoted"\n</tool_call>```'})
    (again,) = follow_all(dialect, dialect.call_text(call)).calls
    assert (again.name, again.arguments) == (call.name, call.arguments)
    assert "42" in dialect.result_text(ToolResult("1", "read_file", "42"))


def follow_all(dialect, text):
    from desktop_agent.llm.calls import parse_answer

    assert text.startswith(dialect.opening)
    return parse_answer(text, TOOLS)
