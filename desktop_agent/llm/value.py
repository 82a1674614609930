"""An answer that is one JSON value and nothing else."""

from desktop_agent.llm.actions import Action, Emit, EndAnswer, ParsedAnswer


class ValueWatcher:
    """Follows an answer that is written under a grammar from its first token on, and ends it where the value ends.

    Nothing is shown before: half a value says nothing.
    """

    def __init__(self) -> None:
        self._raw = ""
        self._whole = False

    @property
    def raw(self) -> str:
        """The answer so far as it was decoded."""
        return self._raw

    def feed(self, text: str) -> Action:
        """Take the next piece of the answer; behind the value there is nothing to say."""
        if self._whole:
            return EndAnswer(len(self._raw))
        self._raw += text
        return Emit("")

    def call_ended(self) -> None:
        """Note that the grammar is finished."""
        self._whole = True

    def finish(self, cut: bool = False) -> ParsedAnswer:
        """Return the answer, all of it text."""
        return ParsedAnswer(self._raw, self._raw, tail=self._raw)
