"""How wishes are said in English."""

import re
from dataclasses import dataclass

from desktop_agent.memory.sentences import BLIND, Sentence


@dataclass(frozen=True)
class Found:
    """What a sentence asks to remember. Without a text it is what follows, or with `back` the sentence before."""

    text: str
    slot: str = ""
    back: bool = False


NAMED = "The user wants to be called "
"""How a saved form of address begins."""

_I = re.IGNORECASE
_WORDS = "please|pls|kindly|hey|hi|hello|ok|okay|also|oh|well|so|and|but|now|then|just|again|always|yes|no|thanks"
_LEAD = rf"""(?:(?:{_WORDS}|by\ the\ way|btw|one\ more\ thing|(?:very\ )?important(?:ly)?|from\ now\ on
    |in\ (?:the\ )?future|i(?:'d|\ would)\ like\ you\ to|i\ (?:want|need)\ you\ to
    |you\ (?:should|must|can|could|may|might)|make\ sure\ (?:that\ )?you)(?:\s*[,:!.–—-])*\s+)*"""
_ASKS = r"(?P<asks>(?:can|could|would|will)\ you\s+(?:please\s+|kindly\s+|also\s+)*)?"
_START = re.compile(r"^|[,;:–—]\s*|\s+(?=(?:and|but|so)\s+please\s)|\s+-\s+", _I)
"""Where a clause may begin."""

_STRONG = (
    r"remember|memori[sz]e|don't\ (?:you\ )?(?:ever\ )?forget|do\ not\ forget|never\ forget|make\ a\ note|take\ a\ note"
)
_WEAK = r"keep\ in\ mind|bear\ in\ mind|note"
_FACT = re.compile(
    rf"""{_LEAD}{_ASKS}(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK})|(?P<reference>for\ future\ reference))
    (?P<link>\s+(?:for\ (?:me|later|the\ future|next\ time)\s*,?\s*)?(?:the\ fact\ )?that\s+
    |\s*(?P<list>(?:this|the\ following|these)(?:\s+(?:facts?|things?|points?|about\ me))*\s*(?:[:–—-]\s*|$))
    |\s*[:–—]\s*|\s*,\s*(?:that\s+)?|\s+)""",
    _I | re.VERBOSE,
)
_NAME = re.compile(
    rf"""{_LEAD}{_ASKS}(?:(?:remember|don't\ forget)\ to\ )?(?:always\ )?
    (?:call\ me|address\ me\ as|refer\ to\ me\ as|i(?:'d|\ would)?\ (?:want|prefer|like)\ to\ be\ called)\s+""",
    _I | re.VERBOSE,
)
_LASTING = re.compile(
    r"from now on\s*,?\s*(?:(?:please|i|i'm|my|we|always|never|only|answer|reply|respond|speak|talk|write)\b)", _I
)
_BACK = re.compile(rf"{_LEAD}{_ASKS}(?:{_STRONG}|keep|note)(?:\ (?:that|this|it))?(?:\ in\ mind)?\s*$", _I | re.VERBOSE)
"""A wish about what was just said: "My cat is called Tom. Please remember that!"."""
_FIRST_PERSON = re.compile(r"(?:i|i'm|i've|i'd|i'll|im|my|we|we're|we've|our|mine)\b", _I)
_SUBJECT = re.compile(r"(?:i|i'm|i've|i'd|i'll|im|we|we're|we've|he|he's|she|she's|they|they're|it's)\s+\S+", _I)
_VERB = re.compile(
    r"""\S+\s.*?(?:\b(?:is|are|was|were|am|has|have|had|will|can|can't|cannot|won't|does|doesn't|do|don't|isn't|aren't
    |should|must|may|would|could|likes?|loves?|hates?|lives?|works?|wants?|needs?|prefers?|speaks?|goes|comes|starts?|ends?
    |expires?|costs?|means?|studies|plays?|drinks?|eats?|owns?|died|moved|born|married|uses?|runs?|stands?|belongs?
    |happens?|takes?|turns?|closes?|opens?|leaves?|arrives?|got|went)\b|'s\s)""",
    _I | re.VERBOSE | re.DOTALL,
)
_NO_FACT = re.compile(
    r"(?:to|me|us|him|them|when|what|what's|how|who|whom|whose|where|why|which|if|whether|about|as|it|this|these|those|not"
    r"|nothing|anything|everything|all|both|things?|stuff|(?:what|how|who|where)ever)\b(?!\s*:)",
    _I,
)
_NOUN = re.compile(
    r"(?:time|day|night|one|song|book|film|movie|guy|man|woman|girl|boy|place|trip|thing|word|moment)\b", _I
)
"""After "remember that" these are mostly what is remembered, not the beginning of a fact."""
_TOLD = re.compile(r"\b(?:i|we)\s+(?:just\s+|already\s+|once\s+)?(?:told|asked|said|mentioned|showed)\b", _I)
_MY_NAME = re.compile(r"(?:(?:that\s+)?my\s+(?:\w+\s+)?name(?:\s+is|'s)|i(?:'m|\s+am)\s+called)\s+", _I)
_NAME_END = re.compile(
    r"[,;:(–—]|\s+(?:and|but|or|because|since|as|from|please|instead|when|if|in|for|not|ok|okay|thanks|rather|by|at|now)\b"
    r"|\s+-\s",
    _I,
)
_NO_NAME = re.compile(
    r"(?:"
    r"tomorrow|later|back|now|maybe|again|soon|anytime|today|tonight|when|if|at|on|in|after|before|crazy|old|"
    r"old-fashioned|stupid|cynical|naive|paranoid|biased|picky|lazy|a|an|the|asap|up|out|over|by|then|every|next|this|"
    r"once|whenever|sometime|immediately|weird|nuts|mad|silly|dumb|whatever|anything|names|it|something|what|"
    r"please|first|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|july|"
    r"september|october|november|december|morning|noon|evening|afternoon|midnight|directly|right|from|with|"
    r"for|and|or|but|not|to|my|your|his|her|their|our|one|either|neither|any|some|more|less|that|these|those|who|"
    r"how|why|where|which|as|like|ok|okay|i'm|im|i"
    r")[.!]*",
    _I,
)
_TITLES = "dr|mr|mrs|ms|prof|sir|captain|miss|lady|lord|master|boss|king|queen|madam|ma'am"
_REPORTED = re.compile(
    r"""\b(?:sa(?:y|ys|id|ying)|tell(?:s|ing)?|told|ask(?:s|ed|ing)?|wr(?:ite|ites|ote|itten|iting)|repl(?:y|ies|ied)|shout\w*
    |whisper\w*|sings?|sang|quot\w+|translat\w+|lyrics?|remind(?:s|ed)|reads|summari[sz]\w+|proofread\w*|rewrit\w+|rephrase\w*
    |paraphrase\w*|correct|polish|improve|explain|means?|meaning|sentence|phrase|expression|text|poem|story|slogan
    |if|unless|whenever|because|although)\b""",
    _I | re.VERBOSE,
)
_TASK = re.compile(
    r"\b(?:translate|proofread|rewrite|rephrase|paraphrase|summari[sz]e|correct|fix|improve|polish|edit)\b"
    r"|\b(?:said|says|wrote|writes|told\s+\w+)[^.!?\n]*:\s*$",
    _I,
)
_THANKS = re.compile(
    r"(?:[\s,.!–—-]*\b(?:please|thanks|thank you|ok(?:ay)?|al(?:l )?right|right|will you|would you|got it)\b)+[\s.!]*$",
    _I,
)
_ASKED_AFTER = re.compile(
    r"\s*[,;–—]\s*(?:(?:so|and|but|now|then|also)\s+)*(?:what|what's|which|how|can|could|would|will|where|when|who|why|do|does"
    r"|is|are|should|shall|may)\b[^,;]*$",
    _I,
)


def find(sentence: Sentence) -> Found | None:
    """Return what the sentence asks to remember, or None."""
    if _TASK.search(sentence.before):
        return None
    seen, asks = _without_tail(sentence)
    if _LASTING.match(seen) and not asks and not _NAME.match(seen):
        return Found(sentence.text[: len(seen)])
    for start in _START.finditer(seen):
        if not _REPORTED.search(seen[: start.start()]):
            at = start.end()
            found = (
                _name(sentence, seen, at, asks) or _fact(sentence, seen, at, asks) or _back(sentence, seen, at, asks)
            )
            if found:
                return found
    return None


def _without_tail(sentence: Sentence) -> tuple[str, bool]:
    """Return what rules see without thanks and without a question that is added; and whether it asks all the same."""
    seen = _THANKS.sub("", sentence.seen)
    if not sentence.asks or len(seen) < len(sentence.seen):
        return seen, False
    added = _ASKED_AFTER.search(seen)
    return (seen[: added.start()], False) if added else (seen, True)


def _name(sentence: Sentence, seen: str, at: int, asks: bool) -> Found | None:
    match = _NAME.match(seen, at)
    if not match or (asks and not match["asks"]):
        return None
    name = _name_at(sentence, seen, match.end())
    return Found(f"{NAMED}{name}", "name") if name else None


def _name_at(sentence: Sentence, seen: str, at: int) -> str:
    """Return the name that begins here; empty when it is none."""
    end = _NAME_END.search(seen, at)
    stop = end.start() if end else len(seen)
    if seen[at : at + 1] == BLIND:
        return sentence.text[at:stop].strip('"“”„«»「」『』` \t.')
    words = seen[at:stop].split()
    if not words or len(words) > 4 or _NO_NAME.fullmatch(words[0]) or re.search(r"\d|/", seen[at:stop]):
        return ""
    capital = words[0][:1].isupper() or re.fullmatch(rf"(?:{_TITLES})\.?", words[0], _I)
    return sentence.text[at:stop].strip(" \t.!") if capital or len(words) == 1 else ""


def _fact(sentence: Sentence, seen: str, at: int, asks: bool) -> Found | None:
    match = _FACT.match(seen, at)
    if not match or (asks and not match["asks"]):
        return None
    if match["list"] and not seen[match.end() :].strip():
        return Found("")
    if not _is_fact(match, seen[match.end() :]):
        return None
    mine = _MY_NAME.match(seen, match.end())
    is_name = bool(mine and _name_at(sentence, seen, mine.end()))
    return Found(sentence.text[match.end() : len(seen)], "name" if is_name else "")


def is_statement(seen: str) -> bool:
    """Tell whether a sentence says something about the user that "remember that" may mean."""
    return bool(_FIRST_PERSON.match(seen)) and len(seen.split()) > 2 and not _TOLD.match(seen)


def _back(sentence: Sentence, seen: str, at: int, asks: bool) -> Found | None:
    match = _BACK.match(seen, at)
    if not match or (asks and not match["asks"]):
        return None
    said = seen[:at].rstrip(" \t,;:–—")
    if not said:
        return Found("", back=True)
    return Found(sentence.text[: len(said)]) if is_statement(said) else None


def _is_fact(match: re.Match[str], said: str) -> bool:
    """Tell whether what follows the words of a wish is a fact."""
    if len(said.split()) < 2 or (match["asks"] and not _FIRST_PERSON.match(said)) or _TOLD.match(said):
        return False
    link = match["link"].lower()
    if match["weak"] and not _FIRST_PERSON.match(said):
        return False
    if "that" in link.split():
        return not (_NOUN.match(said) and not re.search(r"\b(?:is|are|was|were)\b", said))
    if _NO_FACT.match(said):
        return False
    if ":" in link or match["list"]:
        return True
    return bool(_SUBJECT.match(said) or _VERB.match(said))
