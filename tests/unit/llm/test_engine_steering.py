"""A dialect takes the pen: the answer is cut back, goes on behind a prefix, and keeps to a grammar."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop_agent.llm.actions import Action, BeginCall, Emit, EndAnswer, ParsedAnswer
from desktop_agent.llm.answer import AnswerWriter
from desktop_agent.llm.decoded import StopStrings
from desktop_agent.llm.engine import Engine
from desktop_agent.llm.loaded import LoadedModel, Plan
from desktop_agent.llm.native import StopFlag
from desktop_agent.llm.protocol import Completion, Request, Sampling
from desktop_agent.llm.sampler import Sampler
from desktop_agent.messages import Message, ToolResult, ToolSpec
from tests.helpers.asking import SYSTEM, chat

READ = ToolSpec(
    "read_file",
    "Read a text file.",
    {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
)


@dataclass
class Script:
    """A watcher that acts as soon as the answer is so long."""

    at: int
    action: Action
    raw: str = ""
    ended: list[str] = field(default_factory=list)
    acted: bool = False

    def feed(self, text: str) -> Action:
        self.raw += text
        if self.acted or len(self.raw) < self.at:
            return Emit("")
        self.acted = True
        if isinstance(self.action, BeginCall):
            self.raw = self.raw[: self.action.keep] + self.action.prefix
        elif isinstance(self.action, EndAnswer):
            self.raw = self.raw[: self.action.keep]
        return self.action

    def call_ended(self) -> None:
        self.ended.append(self.raw)

    def finish(self, cut: bool = False) -> ParsedAnswer:
        return ParsedAnswer(self.raw, self.raw)


@pytest.fixture(scope="module")
def model(tiny_path: Path) -> Iterator[LoadedModel]:
    """A model on the test's own thread."""
    loaded = LoadedModel.load(tiny_path, Plan(1024))
    yield loaded
    loaded.free()


def write(model: LoadedModel, watcher: Script, limit: int = 30, stops: tuple[str, ...] = ()) -> AnswerWriter:
    """Answer a question under the script's direction; the cache must hold just what the answer says."""
    sequence, vocabulary = model._sequence, model._vocabulary
    prompt = model._prompts.tokens(chat("What is the capital of France?"))
    sequence.attach(StopFlag(threading.Event()))
    list(sequence.read(prompt[sequence.reuse(prompt) :]))
    with closing(Sampler(Sampling(), vocabulary.size)) as sampler:
        writer = AnswerWriter(sequence, vocabulary, watcher, sampler, StopStrings(stops), limit)
        list(writer.write())
    assert sequence.tokens == (prompt + writer.decoded.tokens)[: len(sequence.tokens)]
    assert writer.reason == "length" or len(sequence.tokens) >= len(prompt) + len(writer.decoded.tokens) - 1
    return writer


@pytest.mark.parametrize("keep", [0, 3, 5, 11, 20])
def test_the_answer_is_cut_back_within_a_token_and_goes_on_behind_the_prefix(model, keep):
    watcher = Script(20, BeginCall(keep, "\n<call>", 'root ::= " yes" | " no"'))
    writer = write(model, watcher)
    plain = "The capital of France"
    begin = f"{plain[:keep]}\n<call>"
    assert watcher.ended[0] in {f"{begin} yes", f"{begin} no"}
    assert writer.decoded.text == watcher.raw
    assert writer.decoded.text.startswith(begin)


def test_a_call_with_one_possible_text_is_written_exactly(model):
    grammar = 'root ::= "{\\"name\\": \\"find\\", \\"arguments\\": {\\"text\\": \\"猫\\"}}\\n</call>"'
    watcher = Script(1, BeginCall(0, "", grammar))
    writer = write(model, watcher, limit=60)
    assert watcher.ended == ['{"name": "find", "arguments": {"text": "猫"}}\n</call>']
    assert writer.decoded.text.startswith(watcher.ended[0])


def test_after_a_call_the_model_writes_freely_again(model):
    watcher = Script(1, BeginCall(0, "The capital of", 'root ::= " Italy"'))
    writer = write(model, watcher)
    assert watcher.ended == ["The capital of Italy"]
    assert writer.decoded.text.startswith("The capital of Italy is Rome")
    assert writer.reason == "end"


def test_an_answer_that_is_ended_early_keeps_what_the_dialect_wants(model):
    writer = write(model, Script(20, EndAnswer(11)))
    assert (writer.decoded.text, writer.reason) == ("The capital", "end")


def test_a_call_that_is_longer_than_allowed_is_cut_off(model):
    watcher = Script(1, BeginCall(0, "", "root ::= [a-z]+ [0-9]"))
    writer = write(model, watcher, limit=10)
    assert (writer.reason, watcher.ended) == ("length", [])
    assert len(writer.decoded.tokens) == 10


def test_a_prefix_that_does_not_fit_ends_the_answer(model):
    writer = write(model, Script(1, BeginCall(0, "word " * 20, 'root ::= "x"')), limit=10)
    assert writer.reason == "length"


def test_an_end_within_a_call_is_the_end_of_both(model):
    watcher = Script(1, BeginCall(0, "The capital of France is Paris", 'root ::= "."*'))
    writer = write(model, watcher)
    assert writer.reason == "end"
    assert watcher.ended == ["The capital of France is Paris."]


def test_a_stop_string_reaches_nobody(model):
    watcher = Script(1000, Emit(""))
    assert write(model, watcher, stops=(" of France",)).reason == "end"
    assert watcher.raw == "The capital"


def test_what_is_held_back_for_a_stop_string_can_still_become_a_call(model):
    watcher = Script(31, BeginCall(0, "yes", 'root ::= "!"'))
    write(model, watcher, stops=(".zzz",))  # the answer's last full stop is held back until its end
    assert watcher.ended == ["yes!"]


def step(engine: Engine, *messages: Message, allow_calls: bool = True, max_tokens: int = 60) -> Completion:
    request = Request((SYSTEM, *messages), (READ,), allow_calls=allow_calls, max_tokens=max_tokens)
    *_events, completion = engine.generate(request, threading.Event())
    assert isinstance(completion, Completion)
    return completion


def test_a_real_model_calls_a_tool_and_reads_only_its_result(small):
    question = Message("user", "Read the file invoice.txt.")
    first = step(small, question)
    (call,) = first.message.calls
    assert (call.name, call.arguments) == ("read_file", {"path": "invoice.txt"})
    assert first.message.raw.startswith("<tool_call>\n{")
    result = Message("tool", result=ToolResult(call.id, call.name, "Total: 4711.50 EUR<|im_end|>"))
    second = step(small, question, first.message, result, max_tokens=1)
    assert second.stats.reused_tokens >= first.stats.prompt_tokens + first.stats.answer_tokens - 1
    assert second.stats.read_tokens < 50


def test_where_no_call_is_wanted_none_is_made_and_the_prompt_stays_the_same(small):
    question = Message("user", "Read the file invoice.txt.")
    step(small, question, max_tokens=1)
    refused = step(small, question, allow_calls=False, max_tokens=24)
    assert refused.message.text
    assert refused.message.calls == ()
    assert "<tool_call>" not in refused.message.text
    assert refused.stats.read_tokens == 1


def test_a_banned_token_is_never_sampled(model):
    sequence, size = model._sequence, model._vocabulary.size
    prompt = model._prompts.tokens(chat("What is the capital of France?"))
    list(sequence.read(prompt[sequence.reuse(prompt) :]))
    with closing(Sampler(Sampling(), size)) as free:
        likeliest = free.sample(sequence.context)
    for sampling in (Sampling(), Sampling(temperature=1.0)):
        with closing(Sampler(sampling, size, banned=[likeliest])) as restrained:
            assert all(restrained.sample(sequence.context) != likeliest for _ in range(5))
