"""Words as memory looks them up, and one spelling of a text for comparing.

Unicode rule for both: NFKC, then casefold. The full-text index stems what `terms` returns (Porter), so that words in
Latin script are left as they are here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Group: TypeAlias = Literal["han", "other"]

_HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Ideographs and kana: scripts without spaces, cut into single characters and pairs."""
_RUNS = re.compile(rf"([{_HAN}]+)|[^\W_{_HAN}]{{1,64}}")
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphens and the like, which pages put inside words to break lines there."""
_GAPS = re.compile(r"[\W_]+")
_HAN_GAPS = re.compile(rf"(?<=[{_HAN}]) | (?=[{_HAN}])")

_ENGLISH = """
a about after again all also am an and any are as at be because been before being both but by can could did do
does doing done down during each either else ever every for from further get gets getting go goes going gonna
got had has have having he her here hers herself him himself his how i if in into is it its itself just let
like lot lots me might mine more most much must my myself no nor not now of off oh ok okay on once one only or
other our ours ourselves out over own please quite really s same shall she should so some such than thank
thanks that the their theirs them themselves then there these they thing things this those though through to
too under until up upon us very was we well were what when where whether which while who whom whose why will
with would yeah yes yet you your yours yourself yourselves d ll m re t ve ain aren couldn didn doesn don hadn
hasn haven isn mustn needn shouldn wasn weren wouldn
"""
_CHINESE = "的了吗呢吧啊呀嘛着过得地是在我你您他她它们这那哪谁什么怎个和与或就都也很还又把被给对从到会要有"
_STOP_WORDS = frozenset(_ENGLISH.split())
_STOP_CHARACTERS = frozenset(_CHINESE)
"""Dropped when alone; a pair is dropped when both are in here."""


@dataclass(frozen=True)
class LexicalHits:
    """Ids of turns with scores, best first and higher is better: by the turn's own words, and by its window's."""

    turns: list[tuple[str, float]]
    windows: list[tuple[str, float]]


def terms(text: str) -> list[str]:
    """Return the words to index or to look up, in their order, repeated ones included.

    Without stop words of English and Chinese; runs of ideographs as single characters and as pairs.
    """
    found: list[str] = []
    for match in _RUNS.finditer(_folded(text)):
        word = match[0]
        if match[1]:
            found += _pieces(word)
        elif word not in _STOP_WORDS:
            found.append(word)
    return found


def group(text: str) -> Group:
    """Return "han" when ideographs and kana are more than words of other scripts."""
    runs = [(match[1], match[0]) for match in _RUNS.finditer(_folded(text))]
    ideographs = sum(len(han) for han, _ in runs if han)
    return "han" if ideographs > sum(1 for han, _ in runs if not han) else "other"


def normal(text: str) -> str:
    """Return the text in one spelling: folded, without punctuation and symbols, with single spaces between words."""
    return _HAN_GAPS.sub("", _GAPS.sub(" ", _folded(text)).strip())


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    text = _INVISIBLE.sub("", text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _pieces(run: str) -> Iterator[str]:
    stop = _STOP_CHARACTERS
    for first, second in zip(run, f"{run[1:]} ", strict=True):
        if first not in stop:
            yield first
        if second != " " and (first not in stop or second not in stop):
            yield first + second
