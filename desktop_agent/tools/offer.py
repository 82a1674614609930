"""Which tools a chat is offered.

The model reads every one's description in each chat, and small models choose badly among many. They get a few that
everyday questions need, and others when the user switched their group on, or when a question of the chat calls for
them by its words. What was called for once stays, since a prompt with other tools must be read again as a whole.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from desktop_agent.lexical import terms
from desktop_agent.tools.tool import FOREIGN, Tool

FEW = 3_000_000_000
"""Models with fewer parameters are offered few tools."""
CORE = frozenset({"calculator", "current_time", "list_files", "read_file", "search_files", "write_file"})
MOST = 14
"""Tools that a small model is offered at most, unless the user switched their groups on."""
_GENERAL = frozenset(
    terms("add create delete edit file files find get info list make new read run search set show write")
)
"""Words in the names of tools that call for nothing in particular."""
_ENDINGS = 3
"""Letters that a word of a question may be longer than the word that calls for a tool: remind, reminders."""
_STEM = 4
"""Letters that a word has at least if it may have endings."""


@dataclass(frozen=True)
class Offer:
    """The tools of each chat, for a model of some size.

    `tools` returns all in the groups for which it is told true, `choices` what the user chose for a chat by group,
    `questions` what they said in it so far, `enabled` whether a group is on where they chose nothing.
    """

    tools: Callable[[Callable[[str], bool]], Iterable[Tool]]
    choices: Callable[[str], Mapping[str, bool]]
    questions: Callable[[str], Sequence[str]]
    enabled: Callable[[str], bool]
    parameters: int

    def __call__(self, conversation_id: str) -> tuple[Tool, ...]:
        """Return the tools of a chat by name; what was called for follows the others, which so keep their places."""
        choices = self.choices(conversation_id)
        allowed = sorted(self.tools(lambda group: choices.get(group, self.enabled(group))), key=lambda tool: tool.name)
        if self.parameters >= FEW:
            return tuple(allowed)
        chosen = [tool for tool in allowed if tool.name in CORE or choices.get(tool.group)]
        said = frozenset(word for question in self.questions(conversation_id) for word in _spoken(question))
        called = [tool for tool in allowed if tool not in chosen and calls_for(tool, said)]
        return (*chosen, *called[: max(0, MOST - len(chosen))])


def calls_for(tool: Tool, said: Iterable[str]) -> bool:
    """Return whether one of the words that were said is the tool's, with an ending of up to three letters."""
    wanted = _words(tool.name, tool.group, tool.words)
    return any(_is_form(each, word) for each in said for word in wanted)


def _is_form(said: str, word: str) -> bool:
    ending = _ENDINGS if len(word) >= _STEM and word.isascii() else 0
    return said.startswith(word) and len(said) - len(word) <= ending


@lru_cache(maxsize=512)
def _spoken(question: str) -> frozenset[str]:
    return frozenset(terms(question))


@lru_cache(maxsize=512)
def _words(name: str, group: str, words: str) -> frozenset[str]:
    """Return the words that call for a tool: those that it names itself, or else those of its name and group."""
    if words:
        return frozenset(part for word in words.split() for part in _parts(word))
    return frozenset(terms(f"{name} {group.removeprefix(FOREIGN)}".replace("_", " "))) - _GENERAL


def _parts(word: str) -> Iterable[str]:
    """Return the word as questions have it: of several ideographs pairs, since one alone says something else."""
    parts = terms(word)
    return [part for part in parts if len(part) > 1] or parts
