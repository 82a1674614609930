"""What later prompts have of thinking, with templates as they are found in the wild."""

import pytest

from desktop_agent.llm.dialect import HERMES, PLAIN
from desktop_agent.llm.prompt import PromptWriter
from desktop_agent.llm.template import ChatTemplate
from desktop_agent.llm.thinking import Mode, ThinkingSplitter
from desktop_agent.messages import Message, ToolCall, ToolResult
from tests.helpers.thinking_templates import DEEPSEEK_R1, GLM, HARMONY, LFM2, MAGISTRAL, PRIMED, QWEN3, QWEN35

QUESTION, NEXT = Message("user", "Hi"), Message("user", "Bye")
CHATML = "{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}<assistant>"


def writer(source: str) -> PromptWriter:
    dialect = HERMES if "<tool_call>" in source else PLAIN
    return PromptWriter(ChatTemplate(source, begin="<s>", end="</s>"), dialect, lambda text: "<|" not in text)


def prompt(source: str, *messages: Message, thinking: Mode = "on") -> str:
    return "".join(span.text for span in writer(source).write(messages, thinking=thinking))


def answered(source: str, raw: str, thinking: Mode = "on") -> Message:
    """Return an answer as the engine would make it of what was decoded."""
    splitter = ThinkingSplitter(writer(source).framing.opened(thinking))
    text = splitter.push(raw)[1] + splitter.flush()[1]
    return Message("assistant", text, raw=raw if raw != text else "", thinking=splitter.thinking)


@pytest.mark.parametrize(
    ("source", "can_think", "opens_on", "opens_off"),
    [
        (QWEN3, True, False, False),
        (QWEN35, True, True, False),
        (DEEPSEEK_R1, False, True, True),
        (MAGISTRAL, False, False, False),
        (LFM2, False, False, False),
        (GLM, True, False, False),
        (HARMONY, False, False, False),
        (PRIMED, True, True, False),
        (CHATML, False, False, False),
    ],
)
def test_what_a_template_does_with_a_wish_for_thinking(source, can_think, opens_on, opens_off):
    framing = writer(source).framing
    assert framing.can_think == can_think
    assert bool(framing.opened("on")) == opens_on
    assert bool(framing.opened("off")) == opens_off
    assert framing.opened("skipped") is None


@pytest.mark.parametrize("source", [QWEN3, QWEN35, DEEPSEEK_R1, LFM2, GLM, MAGISTRAL, HARMONY, PRIMED, CHATML])
def test_a_prompt_for_a_value_ends_behind_all_thinking(source):
    asked = prompt(source, QUESTION, thinking="skipped").rstrip()
    assert not asked.endswith(("<think>", "[THINK]"))
    assert asked.count("<think>") == asked.count("</think>")


@pytest.mark.parametrize(
    ("source", "past"),
    [
        (QWEN3, "<|im_start|>assistant\nHello.<|im_end|>"),
        (GLM, "<|assistant|>\n<think></think>\nHello.<|user|>"),
    ],
)
def test_old_thinking_goes_where_the_template_drops_it(source, past):
    answer = answered(source, "<think>\nHm, a greeting.\n</think>\n\nHello.")
    assert answer.text == "Hello."
    later = prompt(source, QUESTION, answer, NEXT)
    assert "Hm" not in later
    assert past in later


def test_the_thinking_of_the_last_answer_may_stay_where_that_of_older_ones_goes():
    older, last = (answered(LFM2, f"<think>Thought {number}.</think>Answer {number}.") for number in (1, 2))
    later = prompt(LFM2, QUESTION, older, NEXT, last, QUESTION)
    assert "<|im_start|>assistant\nAnswer 1.<|im_end|>" in later
    assert "<|im_start|>assistant\n<think>Thought 2.</think>Answer 2.<|im_end|>" in later


@pytest.mark.parametrize("source", [QWEN35, DEEPSEEK_R1])
def test_old_thinking_that_the_prompt_had_opened_goes(source):
    answer = answered(source, "Hm, a greeting.\n</think>\n\nHello.")
    assert (answer.thinking, answer.text) == ("Hm, a greeting.", "Hello.")
    later = prompt(source, QUESTION, answer, NEXT)
    assert "Hm" not in later
    past = later[: later.index("Bye")]
    assert "think" not in past
    assert "Hello." in past


@pytest.mark.parametrize(
    ("source", "raw"),
    [
        (MAGISTRAL, "[THINK]Hm, a greeting.[/THINK]Hello."),
        (CHATML, "<think>\nHm, a greeting.\n</think>\n\nHello."),
        (PRIMED, "Hm, a greeting.\n</think>\n\nHello."),
    ],
)
def test_old_thinking_stays_as_it_was_decoded_where_the_template_keeps_it(source, raw):
    answer = answered(source, raw)
    assert answer.thinking == "Hm, a greeting."
    assert prompt(source, QUESTION, answer, NEXT).startswith(prompt(source, QUESTION) + raw)


@pytest.mark.parametrize(
    ("source", "raw"),
    [
        (QWEN3, "<think>\nI need the time.\n</think>\n\n<tool_call>\n{}\n</tool_call>"),
        (QWEN35, "I need the time.\n</think>\n\n<tool_call>\n{}\n</tool_call>"),
        (DEEPSEEK_R1, "I need the time.\n</think>\n\n{}"),
        (LFM2, "<think>I need the time.</think>{}"),
        (GLM, "\n<think>I need the time.</think>\n{}"),
        (MAGISTRAL, "[THINK]I need the time.[/THINK]{}"),
        (
            HARMONY,
            "<|channel|>analysis<|message|>I need the time.<|end|><|start|>assistant<|channel|>final<|message|>{}",
        ),
    ],
)
def test_within_a_turn_thinking_stays_as_it_was_decoded(source, raw):
    call = ToolCall("1", "time")
    step = Message("assistant", raw=raw, calls=(call,), thinking="I need the time.")
    result = Message("tool", result=ToolResult("1", "time", "12:00"))
    assert prompt(source, QUESTION, step, result).startswith(prompt(source, QUESTION) + raw)


@pytest.mark.parametrize("source", [QWEN3, QWEN35, GLM, LFM2, MAGISTRAL, PRIMED, CHATML])
def test_answers_without_thinking_keep_their_prompt(source):
    first = prompt(source, QUESTION, thinking="off")
    answer = answered(source, "Hello.", "off")
    assert answer.thinking == ""
    later = prompt(source, QUESTION, answer, NEXT, thinking="off")
    assert later.startswith(first + "Hello.")


@pytest.mark.parametrize(
    ("source", "raw"), [(QWEN3, "<think>\n\n</think>\n\nHello."), (QWEN35, "\n</think>\n\nHello.")]
)
def test_an_empty_block_is_no_thinking_and_goes_too(source, raw):
    answer = answered(source, raw)
    assert (answer.thinking, answer.text) == ("", "Hello.")
    later = prompt(source, QUESTION, answer, NEXT)
    assert "think" not in later[: later.index("Bye")]


def test_an_answer_of_another_model_is_not_taken_for_thinking():
    later = prompt(DEEPSEEK_R1, QUESTION, Message("assistant", "Hello."), NEXT)
    assert "<｜Assistant｜>Hello." in later
    foreign = Message("assistant", "Hello.", raw="[THINK]Hm[/THINK]Hello.", thinking="Hm")
    assert "Hm" not in prompt(QWEN3, QUESTION, foreign, NEXT)


def test_thinking_and_not_thinking_may_take_turns():
    thought = answered(QWEN3, "<think>\nHm.\n</think>\n\nHello.")
    plain = answered(QWEN3, "Fine.", "off")
    for thinking in ("on", "off"):
        later = prompt(QWEN3, QUESTION, thought, NEXT, plain, QUESTION, thinking=thinking)
        assert "assistant\nHello.<|im_end|>" in later
        assert "assistant\n<think>\n\n</think>\n\nFine.<|im_end|>" in later


def test_old_answers_stand_in_the_frame_that_the_template_gives_them():
    raw = "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Hello."
    answer = answered(HARMONY, raw)
    assert (answer.thinking, answer.text) == ("Hm.", "Hello.")
    assert "<|start|>assistant<|channel|>final<|message|>Hello.<|end|>" in prompt(HARMONY, QUESTION, answer, NEXT)
