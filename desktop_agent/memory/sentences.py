"""A message cut into sentences, with what is quoted or code made blind, so that rules look at the user's own words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

BLIND = "\ue000"
"""Stands for every character of a quotation or of code: no rule knows it, and places stay the same."""
_BLINDED = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]+`|(?m:^[ \t]*>.*$)"
    r"|\"[^\"\n]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」|『[^』]*』",
    re.DOTALL,
)
_END = re.compile(r"[.!?]+(?=\s|$)|[。！？]+|\n+")
_ABBREVIATED = re.compile(r"(?:^|[\s(.])(?:[A-Za-z]|Dr|Mr|Mrs|Ms|Prof|St|No|vs|etc|approx)$")
_NEAR = 300
"""Characters: so far does a rule look back."""
_ONE_SPELLING = str.maketrans(
    "’‘記請別從現後們嗎說訴問麼幾誰煩幫稱為這點開應該對於過養愛歡譯寫",
    "''记请别从现后们吗说诉问么几谁烦帮称为这点开应该对于过养爱欢译写",
)
"""Curly apostrophes, and traditional characters in the rules' words, one for one."""


@dataclass(frozen=True)
class Sentence:
    """A sentence as it was written, and as rules see it: of the same length, in one spelling, quotations blind.

    `end` is what it ends with. `before` is what rules see of the text just before it, and `opens` says that it begins a
    paragraph.
    """

    text: str
    seen: str
    end: str
    before: str
    opens: bool

    @property
    def asks(self) -> bool:
        """Whether it ends with a question mark."""
        return "?" in self.end or "？" in self.end


def blind(text: str) -> str:
    """Return the text in one spelling, with quotations and code replaced character by character."""
    return _BLINDED.sub(lambda match: BLIND * len(match[0]), text).translate(_ONE_SPELLING)


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text."""
    seen = blind(text)
    start, opens = 0, True
    for end in [*_END.finditer(seen), None]:
        stop, after = (end.start(), end.end()) if end else (len(seen), len(seen))
        if end and end[0] == "." and _ABBREVIATED.search(seen[max(0, stop - _NEAR) : stop]):
            continue
        indent = len(seen[start:stop]) - len(seen[start:stop].lstrip())
        begin = min(start + indent, stop)
        if seen[begin:stop].strip():
            yield Sentence(
                text[begin:stop], seen[begin:stop], seen[stop:after], seen[max(0, begin - _NEAR) : begin], opens
            )
            opens = False
        opens = opens or "\n\n" in seen[stop:after]
        start = after
