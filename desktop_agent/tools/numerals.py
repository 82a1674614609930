"""Chinese numerals."""

import re

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_COUNTED = re.compile(r"[零一二三四五六七八九十两]+(?=个|点|分|天|小时|钟头|周|星期|礼拜|年|月|日|号|半)")


def arabic(text: str) -> str:
    """Return the text with numerals up to 99 that count something in digits; days of the week stay as they are."""
    parts = []
    for part in re.split(r"((?:周|星期|礼拜)[一二三四五六日天](?![个天]))", text):
        is_day = re.fullmatch(r"(?:周|星期|礼拜)[一二三四五六日天]", part)
        parts.append(part if is_day else _COUNTED.sub(lambda found: str(_value(found[0])), part))
    return "".join(parts)


def _value(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[char]) for char in numeral))
    return (_DIGITS.get(tens[-1:], 1) if tens else 1) * 10 + (_DIGITS[ones[-1]] if ones else 0)
