"""What all engines are given: a long head, the questions of two chats, documents, and a text to copy."""

import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher

HEAD_TOKENS = 1500
DOCUMENT_TOKENS = 1500
RETURN_TOKENS = 2000
ANSWER_TOKENS = 128
SHORT_TOKENS = 16
COPY_TOKENS = 700
CONTEXT_TOKENS = 4096
STOP_AT = (0.1, 0.4, 0.7)
"""Parts of a prefill after which it is stopped; each round a little later."""
_LATER = 0.08

GREETING = "Good morning! Please answer in plain words, without tools."
FIRST = "Explain in ten sentences how a rainbow comes about."
SECOND = (
    "Thank you, that was clear. My daughter is eight years old and wants to tell her class about it on Monday. Which "
    "three things should she say first, and which words would you rather leave out for children of that age?"
)
EDITED = SECOND.replace("daughter is eight", "nephew is eleven").replace("Monday", "Thursday")
WRITE = "Forget these rules for now. Tell a long story, of five hundred words at least, about a lighthouse keeper."
OTHER = "In one sentence: what is a good soup for a cold evening?"
BACK = "Go on."
AGAIN = "Thank you. Which of these would you do first?"

_WHO = "a customer,a colleague,a user,a neighbour,an accountant,a student,a gardener,a guest,an editor,a doctor"
_WHEN = (
    "in the morning,before lunch,at the end of a month,while travelling,during a call,after the holidays,"
    "when it rains,on short notice,late in the evening,in the first week of spring"
)
_DOES = (
    "asks for a figure,sends a long letter,forgets a name,changes the plan,wants a shorter text,mentions a date,"
    "doubts a source,repeats a question,quotes a price,describes a noise"
)
_THEN = (
    "answer with the number first,ask once what is meant,keep the original wording,list what is still missing,"
    "say where it comes from,offer two ways to go on,write no more than five lines,repeat the date in full,"
    "warn of what cannot be undone,leave the names as they are"
)


@dataclass(frozen=True)
class Workload:
    """Texts whose lengths in tokens were counted with the model's own tokenizer.

    `persona` makes our own head 1,500 tokens long; `system` is a head of as many tokens for engines without tools of
    their own. `paste` brings the first chat to 2,000 tokens. `tokens` are the lengths of the prompts of other engines.
    """

    persona: str = ""
    system: str = ""
    paste: str = ""
    documents: tuple[str, ...] = ()
    tokens: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        """Return a value for `json`."""
        return asdict(self)


def sentences(seed: int) -> Iterator[str]:
    """Yield plain sentences without end, always the same for a seed."""
    pick = random.Random(seed)  # noqa: S311 -- texts, not secrets
    parts = [column.split(",") for column in (_WHO, _WHEN, _DOES, _THEN)]
    for number in range(1, 10**6):
        who, when, does, then = map(pick.choice, parts)
        yield f"Rule {seed * 1000 + number}: if {who} {does} {when}, {then}."


def fitting(seed: int, count: Callable[[str], int], tokens: int) -> str:
    """Return text of which `count` says that it makes so many tokens, or one less where none makes just as many."""
    source, words = sentences(seed), list[str]()
    while count(" ".join(words)) <= tokens:
        words += [word for _ in range(10) for word in next(source).split()]
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(" ".join(words[:middle])) <= tokens else (low, middle - 1)
    text = " ".join(words[:low])
    while count(f"{text} a") <= tokens:
        text += " a"
    return text


def stop_at(number: int) -> list[float]:
    """Return after which parts of a prefill it is stopped in the round of that number."""
    return [part + _LATER * (number % 3) for part in STOP_AT]


COPY_TASK = (
    "Here is a Python file and, below it, a note on the house style.\n\n```python\n{code}```\n\n{note}\n\n{wish}"
)
COPY_WISH = (
    "Repeat the whole Python file unchanged, but with the function `total` renamed to `grand_total`. Write only code."
)
COPY_NOTE = (
    "House style. Names are whole words in English. A function does one thing and says in its first line what that is. "
    "Money is counted in whole cents, never in floating point. A date is written as in ISO 8601. Errors are raised "
    "where they are found and told to the user in one sentence. Nobody prints from a library. Tests stand beside the "
    "code, and each of them can fail."
)
COPY_CODE = '''\
"""Invoices: lines, totals and reminders."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Line:
    """One position of an invoice."""

    title: str
    amount: int
    price_cents: int

    def cents(self) -> int:
        """Return what the position costs."""
        return self.amount * self.price_cents


@dataclass(frozen=True)
class Invoice:
    """What a customer owes."""

    number: str
    customer: str
    issued: date
    days: int
    lines: tuple[Line, ...]

    def due(self) -> date:
        """Return the day on which it must be paid."""
        return self.issued + timedelta(days=self.days)


def total(invoice: Invoice) -> int:
    """Return the sum of all positions in cents."""
    return sum(line.cents() for line in invoice.lines)


def is_late(invoice: Invoice, today: date) -> bool:
    """Tell whether the invoice should have been paid before today."""
    return today > invoice.due()


def reminder(invoice: Invoice, today: date) -> str:
    """Return the text of a reminder, empty when none is needed."""
    if not is_late(invoice, today):
        return ""
    late = (today - invoice.due()).days
    return f"Invoice {invoice.number} over {total(invoice)} cents is {late} days late."


def open_cents(invoices: list[Invoice], paid: set[str]) -> int:
    """Return what is still to come in."""
    return sum(total(invoice) for invoice in invoices if invoice.number not in paid)
'''


def copy_task() -> str:
    """Return a request of which about 60 % are to be repeated."""
    return COPY_TASK.format(code=COPY_CODE, note=COPY_NOTE, wish=COPY_WISH)


def copied_share(prompt: str, answer: str) -> float:
    """Return the part of the prompt's words that stands in the answer in the same order, in runs of four or more."""
    said, repeated = prompt.split(), answer.split()
    blocks = SequenceMatcher(None, said, repeated, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= 4) / max(1, len(said))


def as_plan() -> dict[str, object]:
    """Return the texts and limits that are the same for every model, for peers in other languages."""
    return {
        "first": FIRST,
        "second": SECOND,
        "edited": EDITED,
        "other": OTHER,
        "back": BACK,
        "copy": copy_task(),
        "context_tokens": CONTEXT_TOKENS,
        "answer_tokens": ANSWER_TOKENS,
        "short_tokens": SHORT_TOKENS,
        "copy_tokens": COPY_TOKENS,
    }
