"""What people and models write around numbers, in the words and signs that the grammar knows."""

import re

_REPLACED = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"^(?:what(?:'s| is| are)|calculate|compute|convert|how much is|how many)\b|^(?:计算|请问|求)", " "),
        (r"(?:是|等于)?多少(?P<unit>[^\W\d]+)[?？]?$", r" in \g<unit>"),
        (r"[?？=。 ]+$|(?:是|等于)多少$", ""),
        (r"换算成|换成|转换为|转换成|合|等于", " in "),
        (r"\bmath\.", ""),
        (r"\b(?:the )?square root of\b", " sqrt "),
        (r"\b(?:the )?cube root of\b", " cbrt "),
        (r"\b(?:business|working|work) days?\b|工作日", " workdays "),
        (r"\b(k?m|cm|mm|ft|in|yd|mi)([23])\b", r"\1^\2"),
        (r"fl(?:uid|\.)? ?(?:ounces?|oz\b\.?)", " floz "),
        (r"nautical miles?\b", " nmi "),
        (r"light[- ]years?\b", " lightyear "),
        (r"metric tons?\b", " tonne "),
        (r"\b(?:imperial|uk) (gallon|pint)s?\b", r" imp\1 "),
        (r"\bus (gallon|pint|cup)s?\b", r" \1 "),
        (r"impgallon", "impgal"),
        (r"\bmiles? per gallon\b", " mpg "),
        (r"\b(?:l|lit(?:er|re)s?) ?(?:/|per) ?100 ?(?:km|kilomet(?:er|re)s)\b", " lphk "),
        (r"\bdegrees? (?=celsius|fahrenheit|[cf]\b)|\bdeg (?=[cf]\b)", " "),
        (r"° ?c\b|℃|摄氏度|摄氏", " degC "),
        (r"° ?f\b|℉|华氏度|华氏", " degF "),
        (r"°", " deg "),
        (r"(?<=\d)'(?=\s*\d+\"|\s*$)", " ft "),
        (r'(?<=\d)"', " in "),
        (r"\bdivided by\b|除以", " / "),
        (r"\b(?:multiplied by|times)\b|乘以|乘", " * "),
        (r"\bplus\b|加", " + "),
        (r"\bminus\b|减", " - "),
        (r"\bsquared\b|²", "^2 "),
        (r"\bcubed\b|³", "^3 "),
        (r"\bper ?cent(?:age)?\b", "%"),
        (r"百分之([\d.]+)", r" \1% "),
        (r"平方(?=[米公厘英千])", " square "),
        (r"立方(?=[米公厘英千])", " cubic "),
        (r"的", " of "),
        (r"今天", " today "),
        (r"明天", " tomorrow "),
        (r"[$€£¥￥]", " "),
        (r"(?<=\d) ?\b(?:usd|eur|gbp|cny|rmb|jpy|chf|dollars?|euros?)\b|(?<=\d) ?[元块]", " "),
        (r"(?<=\d) ?x ?(?=\d)", " * "),
        (r"×|·", "*"),
        (r"÷", "/"),
        (r"−|–", "-"),
        (r"（", "("),
        (r"）", ")"),
        (r"√ ?(?=[\d(])", " sqrt "),
    )
)


def plain(text: str) -> str:
    """Return the expression in the words and signs of the grammar, without what only joins them."""
    for pattern, replacement in _REPLACED:
        text = pattern.sub(replacement, text)
    return _without_commas(text).strip()


def _without_commas(text: str) -> str:
    """Return the text without commas between thousands, with points for decimal ones; in calls they part arguments."""
    if re.search(r"[A-Za-z]\w* ?\(", text):
        return text
    text = re.sub(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?![\d,])", lambda found: found[0].replace(",", ""), text)
    return re.sub(r"(?<![\d.,])(\d+),(\d{1,2})(?![\d,.])", r"\1.\2", text)
