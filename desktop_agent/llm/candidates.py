"""Several answers to one prompt, written side by side: one pass over the weights brings each of them a token."""

from collections.abc import Callable, Iterable
from collections.abc import Sequence as Tokens

from desktop_agent.llm.answer import AnswerWriter
from desktop_agent.llm.batch import Batch
from desktop_agent.llm.context import SEQUENCES
from desktop_agent.llm.sequence import Sequence, Stopped, compute

MOST = SEQUENCES - 1
"""Candidates that can be written at once."""

Begin = Callable[[int, Sequence, int], AnswerWriter]
"""Begins a candidate: takes its index, its sequence, which has read the prompt, and how many tokens it may have."""


def write_candidates(trunk: Sequence, prompt: Tokens[int], count: int, begin: Begin) -> list[AnswerWriter]:
    """Write `count` answers behind the prompt, which `trunk` has just read; return their writers, closed.

    The trunk is left as it was. A model with a running state has room for one sequence only: its trunk has read all but
    the last token, and its answers are written one after the other; those that a stop keeps from beginning are missing.
    """
    room = max(1, (trunk.size - len(prompt)) // count)
    if trunk.cuts:
        return _side_by_side(trunk, count, begin, room)
    return _one_by_one(trunk, prompt, count, begin)


def _side_by_side(trunk: Sequence, count: int, begin: Begin, room: int) -> list[AnswerWriter]:
    branches = [trunk.branch(number) for number in range(1, count + 1)]
    writers: list[AnswerWriter] = []
    try:
        for index, branch in enumerate(branches):
            writers.append(begin(index, branch, room))
        _write(trunk, writers)
    finally:
        for writer in writers:
            writer.close()
        for branch in branches:
            branch.clear()
    return writers


def _write(trunk: Sequence, writers: list[AnswerWriter]) -> None:
    """Let all writers come to their end; the longest answer says how many passes there are."""
    batch = Batch(len(writers))
    live = writers
    try:
        while live:
            for writer in live:
                _run(writer.step())
            live = [writer for writer in live if not writer.reason]
            trunk.check_stop()
            _compute(trunk, batch, live)
    except Stopped:
        for writer in live:
            writer.reason = "cancelled"
    for writer in writers:
        _run(writer.finish())


def _compute(trunk: Sequence, batch: Batch, writers: list[AnswerWriter]) -> None:
    """Bring the sequences of all writers up to date, the last token of each in one pass."""
    if not writers:
        return
    for writer in writers:
        if not writer.missing:  # taken back to just what was read, whose logits are gone
            writer.sequence.cut(len(writer.sequence.tokens) - 1)
        _run(writer.sequence.read(writer.missing[:-1]))
    branches = [writer.sequence for writer in writers]
    tokens = [writer.missing[0] for writer in writers]
    batch.fill_beside(tokens, [len(branch.tokens) for branch in branches], [branch.number for branch in branches])
    compute(trunk.context, batch)
    for row, (branch, token) in enumerate(zip(branches, tokens, strict=True)):
        branch.tokens.append(token)
        branch.output = row


def _one_by_one(trunk: Sequence, prompt: Tokens[int], count: int, begin: Begin) -> list[AnswerWriter]:
    state = trunk.state()
    writers: list[AnswerWriter] = []
    try:
        for index in range(count):
            trunk.restore(state)
            _run(trunk.read(prompt[len(trunk.tokens) :]))
            writers.append(begin(index, trunk, 0))
            _run(writers[-1].write())
    except Stopped:
        pass
    finally:
        trunk.restore(state)
    return writers


def _run(steps: Iterable[object]) -> None:
    """Take the steps; what would be shown is part of the answer in the end."""
    for _step in steps:
        pass
