"""How wishes are said in Chinese; traditional characters arrive here as simplified ones."""

import re

from desktop_agent.memory.sentences import BLIND, Sentence
from desktop_agent.memory.wishes_english import Found

HAN = re.compile(r"[\u3400-\u9fff]")
NAMED = "用户希望被称为"
"""How a saved form of address begins."""

_START = re.compile(r"^|[，,；;：:、]\s*|——")
_LEAD = (
    r"(?:请你?|麻烦你?|拜托你?|帮我|帮忙|你要|你得|你必须|你应该|应该|希望你|我希望你|我想让你|一定要?|务必|好的?|嗯|另外|还有|对了|顺便"
    r"|也要?|就|那|那么|首先|最后|永远|以后|今后|从现在起|从现在开始|从今以后|从今往后|将来|你可以|可以|你就|你|大家都?)[，,：:\s]*"
)
_ASKS = r"(?P<asks>(?:你?(?:能不能|能否|可不可以|可以|能)(?:请你?)?(?:帮我)?)?)"
_FACT = re.compile(
    rf"{_ASKS}(?:{_LEAD})*+(?:(?P<strong>记住|牢记|记下来?|记一下|记着|记录一下)|(?P<weak>记得|别忘记?了?|不要忘记?了?|不要忘掉))"
    r"(?P<list>(?:以下|下面|下列|这些)(?:的?(?:内容|信息|事情|事实|几点|几件事))*[：:，,\s]*$)?"
    r"(?:这一?点|这件事|这个|以下(?:内容|信息)?|下面(?:这些|的话|内容)?|一下|哦|啊|呀|了)?(?P<link>[，,：:\s]*)"
)
_BACK = re.compile(
    rf"{_ASKS}(?:{_LEAD})*+(?:记住|牢记|记下来?|记一下|记着|别忘了?|不要忘记?了?)(?:了|这一?点|一下|这个|这件事|哦|啊|吗|[，,\s])*$"
)
_NAME = re.compile(
    rf"{_ASKS}(?:{_LEAD})*+(?:记住|记得|别忘了)?[，,：:\s]*(?:{_LEAD})*+(?:叫我|称呼我为?|称我为|喊我|管我叫)(?:做|作)?\s*"
)
_LASTING = re.compile(
    r"(?:从现在起|从现在开始|从今以后|从今往后)[，,\s]*(?:请|都|一律|用|我(?!们)|不要|别|只|总是)"
    r"|(?:以后|今后)[，,\s]*(?:请|都|一律|总是|全部|只)*用\S+(?:回答|回复|说|写|交流)"
)
_MY_NAME = re.compile(r"我(?:的名字)?(?:叫|是叫)|我的名字[是叫]")
_SUBJECT = re.compile(r"我|咱|他|她|它|我们|他们|她们|这|那")
_PREDICATE = re.compile(
    r"[是叫有在住喜爱讨不对想会要做用吃喝姓属患养去来过最习讲说学没怕认生于比能离结从已正每只就都换搬买卖信]|\d"
)
_NOUN = re.compile(r"(?:我|他|她|咱)们?(?:的[^是叫有在住对不]{0,5}|.?)|我.{0,4}[说讲提]过?的.{0,3}")
_TO_DO = re.compile(
    r"(?:要|得|去|来|带|买|打|给|把|帮|提醒|按时|明天|今天|今晚|后天|下周|早点|先|再|别|不要|多|少|到时候|回|吃|喝|关|开|交|发)"
)
_QUESTION = re.compile(
    r"(?:吗|么|呢|没有|没)\s*$|什么|谁|哪[里儿个些]?|几[个点岁号]|多少|怎么|为何|为什么|是不是|有没有|记不记得"
)
_NO_NAMES = re.compile(
    r"[起去来做吃一怎如不别干回写给把帮等明今早晚睡上下出过看听说买学打开关走跑什为很好的在到和先再快你他她它我们妈爸几谁吗呢了滚没有是]"
)
_NAME_END = re.compile(
    r"(?:吧|吗|就好了?|就行了?|就可以了?|好了|即可|哦|啊|呀|啦|谢谢|好吗|可以吗|行吗|[，,；;：:。！!、\s（(]).*$"
)
_REPORTED = re.compile(r"说|告诉|问|喊|写道|写着|回答|提醒|翻译|改写|润色|歌词|台词|总结|概括|修改|如果|要是|造句|意思")
_TASK = re.compile(r"翻译|改写|润色|总结|概括|修改|校对|造句|(?:说|写道|告诉\S{1,4}|问)\s*[：:]\s*$")
_THANKS = re.compile(
    r"(?:[，,\s]*(?:好吗|好不好|可以吗|行吗|行不行|谢谢你?|拜托了?|知道吗|知道了吗|明白吗|懂吗|哦|啊|喔))+\s*$"
)


def find(sentence: Sentence) -> Found | None:
    """Return what the sentence asks to remember, or None."""
    if not HAN.search(sentence.seen) or _TASK.search(sentence.before):
        return None
    seen = _THANKS.sub("", sentence.seen)
    asks = bool(sentence.asks and len(seen) == len(sentence.seen)) or bool(_QUESTION.search(seen))
    for start in _START.finditer(seen):
        if _REPORTED.search(seen[: start.start()]):
            break
        at = start.end()
        found = _name(sentence, seen, at, asks) or _fact(sentence, seen, at, asks) or _back(sentence, seen, at, asks)
        if found:
            return found
    lasting = _LASTING.match(seen) and not asks
    return Found(sentence.text[: len(seen)]) if lasting else None


def _name(sentence: Sentence, seen: str, at: int, asks: bool) -> Found | None:
    match = _NAME.match(seen, at)
    name = _name_at(sentence, seen, match.end()) if match and (not asks or match["asks"]) else ""
    return Found(f"{NAMED}{name}", "name") if name else None


def _name_at(sentence: Sentence, seen: str, at: int) -> str:
    """Return the name that begins here; empty when it is none."""
    length = len(_NAME_END.sub("", seen[at:]))
    name = sentence.text[at : at + length].strip('"“”「」『』 \t.')
    if seen[at : at + 1] == BLIND:
        return name
    longest = 8 if HAN.search(name) else 30
    return name if 0 < len(name) <= longest and not _NO_NAMES.match(seen, at) else ""


def _fact(sentence: Sentence, seen: str, at: int, asks: bool) -> Found | None:
    match = _FACT.match(seen, at)
    if not match or (asks and not _may_ask(match, seen)):
        return None
    if match["list"]:
        return Found("")
    said = re.sub(r"吗\s*$", "", seen[match.end() :]) if asks else seen[match.end() :]
    if not _is_fact(match, said):
        return None
    mine = _MY_NAME.match(said)
    is_name = bool(mine and _name_at(sentence, seen, match.end() + mine.end()))
    return Found(sentence.text[match.end() : match.end() + len(said)], "name" if is_name else "")


def is_statement(seen: str) -> bool:
    """Tell whether a sentence says something that 记住 may mean."""
    return bool(len(seen) > 3 and _SUBJECT.match(seen) and _PREDICATE.search(seen) and not _QUESTION.search(seen))


def _back(sentence: Sentence, seen: str, at: int, asks: bool) -> Found | None:
    match = _BACK.match(seen, at)
    if not match or (asks and not match["asks"]):
        return None
    said = seen[:at].rstrip(" ，,；;：:、—")
    if not said:
        return Found("", back=True)
    return Found(sentence.text[: len(said)]) if is_statement(said) else None


def _may_ask(match: re.Match[str], seen: str) -> bool:
    """Tell whether a question is a polite wish."""
    return bool(match["asks"]) and not _QUESTION.search(re.sub(r"吗\s*$", "", seen[match.end() :]))


def _is_fact(match: re.Match[str], said: str) -> bool:
    """Tell whether what follows the words of a wish is a fact: no reminder, no mere thing."""
    if len(said) < 3 or _TO_DO.match(said) or _NOUN.fullmatch(said) or not _PREDICATE.search(said):
        return False
    return bool(match["strong"] or _SUBJECT.match(said))
