"""What a message asks memory for, when it leans on the one before it."""

import re

from desktop_agent.lexical import terms
from desktop_agent.messages import RecallQuery

_WORDS = re.compile(r"[^\W\d_]+")
_SHORT, _LONG = 6, 20
"""Words. Shorter ones may lean; in longer ones a pronoun mostly means something in the message itself."""
_BEFORE = 500
"""Characters of the message before."""
_LEANING = "he him his she her hers it its that they them their theirs this these those"
_HAN_LEANING = re.compile("[它他她那]|这(?!里|儿|么)")

_COURTESIES = """
hello hi hey there good morning afternoon evening night bye goodbye thanks thank you very much please sorry ok okay yes
no sure great nice cool fine
你好 您好 你们好 大家好 嗨 早 早安 早上好 下午好 晚上好 晚安 再见 拜拜 谢谢 谢谢你 谢谢您 多谢 好 好的 好吧 行 可以
嗯 是 是的 对 不 不是 不用 没有 没关系 不客气
"""


def courtesy(text: str) -> bool:
    """Tell whether a message is nothing but a greeting, thanks, a yes or a no."""
    return set(_COURTESIES.split()).issuperset(re.findall(r"[^\W_]+", text.casefold()))


def question(query: RecallQuery) -> str:
    """Return the message, behind the one before it when it can hardly be understood without."""
    return f"{query.before[:_BEFORE]}\n{query.text}" if query.before.strip() and _leans(query.text) else query.text


def _leans(text: str) -> bool:
    """Tell whether a message is short and names less than two things, or points at something said before."""
    words = [word.casefold() for word in _WORDS.findall(text)]
    length = sum(1 if word.isascii() else (len(word) + 1) // 2 for word in words)
    if length > _LONG:
        return False
    pointing = set(_LEANING.split()).intersection(words) or _HAN_LEANING.search(text)
    return bool(pointing) or (length < _SHORT and _things(text) < 2)


def _things(text: str) -> float:
    """Return how many things a message names: words that are no stop words, two ideographs for one."""
    named = set(terms(text))
    return sum(1.0 if word.isascii() else 0.5 for word in named if word.isascii() or len(word) == 1)
