"""What the rooms behind the window have to say, in the user's language.

They know of no window and speak English; their sentences are listed here, in `engine_sentences` and in `tool_sentences`
with their blanks, for the translators. Whatever is not listed is shown as it is.
"""

import re
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop_agent.ui import engine_sentences as engine
from desktop_agent.ui import tool_sentences as tools

_REST = (
    QT_TRANSLATE_NOOP("sentences", "Memory finds what was said by its words only:"),
    QT_TRANSLATE_NOOP("sentences", "No text is lost. Meanwhile memory goes by words."),
    QT_TRANSLATE_NOOP("sentences", "The memory index failed: {reason}."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "The memory index was damaged and is being built again from your conversations. "
        "Until that is done, memory goes mostly by words.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "The memory index is being built from your conversations. Until that is done, memory goes mostly by words.",
    ),
    QT_TRANSLATE_NOOP("sentences", "The memory index cannot be written in {folder}: {reason}."),
    QT_TRANSLATE_NOOP("sentences", "The memory server at {name} cannot be reached: {reason}."),
    QT_TRANSLATE_NOOP("sentences", "It is tried again from time to time. Meanwhile memory goes by words."),
    QT_TRANSLATE_NOOP("sentences", "The memory server at {name} refuses the token."),
    QT_TRANSLATE_NOOP("sentences", "Enter the token that its administrator gave you. Meanwhile memory goes by words."),
    QT_TRANSLATE_NOOP(
        "sentences", "The certificate of the memory server at {name} is not one that this computer trusts."
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "Choose the certificate of the authority that signed it. Meanwhile memory goes by words."
    ),
    QT_TRANSLATE_NOOP("sentences", "What answers at {name} is not a memory server."),
    QT_TRANSLATE_NOOP("sentences", "The token of the memory server has characters that no token has."),
    QT_TRANSLATE_NOOP("sentences", "It looks like https://memory.example.org:8000."),
    QT_TRANSLATE_NOOP(
        "sentences", "Use an address that begins with https://. Plain http:// is only for a server on this computer."
    ),
    QT_TRANSLATE_NOOP("sentences", "Choose a PEM file."),
    QT_TRANSLATE_NOOP("sentences", "Enter it again."),
    QT_TRANSLATE_NOOP("sentences", "The model {name} ({title}, {size}) is not on this computer."),
    QT_TRANSLATE_NOOP("sentences", "Fetch it with: {command}"),
    QT_TRANSLATE_NOOP("sentences", "There are no words in that memory."),
    QT_TRANSLATE_NOOP("sentences", "Write what should be remembered."),
    QT_TRANSLATE_NOOP("sentences", "There is no such memory."),
    QT_TRANSLATE_NOOP("sentences", "There is no such suggestion."),
    QT_TRANSLATE_NOOP("sentences", "There is no such message."),
    QT_TRANSLATE_NOOP("sentences", "There is no such conversation."),
    QT_TRANSLATE_NOOP("sentences", "It was probably deleted."),
    QT_TRANSLATE_NOOP("sentences", "It was probably decided on already."),
    QT_TRANSLATE_NOOP("sentences", "Its conversation was probably deleted."),
    QT_TRANSLATE_NOOP("sentences", "This conversation is no longer there."),
    QT_TRANSLATE_NOOP("sentences", "It was probably deleted meanwhile."),
    QT_TRANSLATE_NOOP("sentences", "That passphrase does not open the archive."),
    QT_TRANSLATE_NOOP("sentences", "That passphrase does not open your conversations."),
    QT_TRANSLATE_NOOP("sentences", "Try again."),
    QT_TRANSLATE_NOOP("sentences", "The passphrase is too short: it needs at least {count} characters."),
    QT_TRANSLATE_NOOP("sentences", "The archive {path} cannot be written: {reason}."),
    QT_TRANSLATE_NOOP("sentences", "The archive {path} cannot be read: {reason}."),
    QT_TRANSLATE_NOOP("sentences", "The archive {path} is damaged or cut off."),
    QT_TRANSLATE_NOOP("sentences", "The archive {path} holds something that is no conversation."),
    QT_TRANSLATE_NOOP("sentences", "The archive was made by a newer Desktop Agent, which this version cannot read."),
    QT_TRANSLATE_NOOP("sentences", "Install the newer version. Nothing was changed."),
    QT_TRANSLATE_NOOP("sentences", "Nothing was changed."),
    QT_TRANSLATE_NOOP("sentences", "Today's backup failed; the earlier ones are kept."),
    QT_TRANSLATE_NOOP("sentences", "The backup {name} was removed, for nothing could be forgotten in it."),
    QT_TRANSLATE_NOOP("sentences", "An old backup cannot be removed: {reason} ({path})."),
    QT_TRANSLATE_NOOP("sentences", "Your conversations cannot be copied: {reason}."),
    QT_TRANSLATE_NOOP("sentences", "Your conversations cannot be copied to {path}: {reason}."),
    QT_TRANSLATE_NOOP("sentences", "A recovery phrase has {words} words, but these are {count}."),
    QT_TRANSLATE_NOOP("sentences", "Type all of them."),
    QT_TRANSLATE_NOOP("sentences", "Each of these words is in the list, but together they are no recovery phrase."),
    QT_TRANSLATE_NOOP("sentences", "One of them is wrong, or two have changed places."),
    QT_TRANSLATE_NOOP("sentences", "Word {number}, {word}, is not in the list of words."),
    QT_TRANSLATE_NOOP("sentences", "Did you mean {word}?"),
    QT_TRANSLATE_NOOP("sentences", "Look at what you wrote down."),
    QT_TRANSLATE_NOOP("sentences", "There is no recovery phrase for these conversations."),
    QT_TRANSLATE_NOOP("sentences", "It would be in {path}."),
    QT_TRANSLATE_NOOP("sentences", "This is a recovery phrase, but not the one of these conversations."),
    QT_TRANSLATE_NOOP("sentences", "Perhaps a newer one was made since: that one counts."),
    QT_TRANSLATE_NOOP("sentences", "Desktop Agent is already running with this home folder."),
    QT_TRANSLATE_NOOP("sentences", "Close the other window or terminal, or set DESKTOP_AGENT_HOME to another folder."),
    QT_TRANSLATE_NOOP("sentences", "The disk is full, so the last change was not saved."),
    QT_TRANSLATE_NOOP("sentences", "Free some space and try again."),
    QT_TRANSLATE_NOOP("sentences", "The disk reported an error, so the last change was not saved."),
    QT_TRANSLATE_NOOP("sentences", "Check that the disk is healthy and has free space."),
    QT_TRANSLATE_NOOP("sentences", "The file with your conversations is damaged."),
    QT_TRANSLATE_NOOP("sentences", "Restore it from a backup, or move it away to begin anew."),
    QT_TRANSLATE_NOOP("sentences", "Your conversations cannot be written: the file or its folder is write-protected."),
    QT_TRANSLATE_NOOP("sentences", "Allow this account to write there."),
    QT_TRANSLATE_NOOP("sentences", "The key to your conversations is in this computer's keyring, but {reason}."),
    QT_TRANSLATE_NOOP("sentences", "Log in to your desktop and unlock the keyring, then try again."),
    QT_TRANSLATE_NOOP("sentences", "{url} is not the address of a memory server."),
    QT_TRANSLATE_NOOP(
        "sentences", "{url} is not used: the token and what your memories are about could be read on the way."
    ),
    QT_TRANSLATE_NOOP("sentences", "{path} holds no certificate that can be used: {reason}."),
    QT_TRANSLATE_NOOP("sentences", "{path} is not an archive of Desktop Agent: {reason}."),
)
"""Of memory, backups, keys and the disk."""
SENTENCES = sorted(
    (
        *_REST,
        *engine.FILES,
        *engine.FOLDERS,
        *engine.DOWNLOADS,
        *engine.RUNNING,
        *engine.MEASURING,
        *engine.BLANK_FIRST,
        *tools.RISKS,
        *tools.UNDOING,
        *tools.KEEPING,
        *tools.CONFINING,
        *tools.CALLING,
    ),
    key=lambda sentence: sentence.startswith("{"),
)
"""Those that begin with a blank come last: they fit more than the others."""
_JOINTS = (
    QT_TRANSLATE_NOOP("sentences", "; "),
    QT_TRANSLATE_NOOP("sentences", ", or "),
    QT_TRANSLATE_NOOP("sentences", ", "),
)
"""What stands between the clauses that fill a blank."""
_OR = str(QT_TRANSLATE_NOOP("sentences", " or "))


def told(what: object) -> str:
    """Return an error, or a sentence from behind the window, in the user's language."""
    rest, parts = str(what), []
    while rest:
        part, rest = _first(rest)
        parts.append(part)
    return _joined(parts)


def _first(text: str) -> tuple[str, str]:
    """Return the translation of what a text begins with, and the rest; all of it where nothing fits."""
    for sentence in SENTENCES:
        if found := _pattern(sentence).match(text):
            return _filled(sentence, found), text[found.end() :]
    return text, ""


def _filled(sentence: str, found: re.Match[str]) -> str:
    blanks = {name: _inside(name, value) for name, value in found.groupdict().items()}
    return QCoreApplication.translate("sentences", sentence).format(**blanks)


def _inside(blank: str, text: str) -> str:
    """Return what fills a blank: clauses that are listed, sentences at the end, or what is the same everywhere."""
    if blank == "names":
        return text.replace(_OR, QCoreApplication.translate("sentences", _OR))
    said = _clauses(text)
    return told(text) if said == text and blank == "reason" else said


def _clauses(text: str) -> str:
    for joint in (each for each in map(str, _JOINTS) if each in text):
        parts = text.split(joint)
        said = [_clauses(part) for part in parts]
        if said != parts:
            return QCoreApplication.translate("sentences", joint).join(said)
    for clause in engine.CLAUSES:
        for spelt in (text, text[:1].lower() + text[1:]):
            if (found := _pattern(clause).fullmatch(spelt)) and (filled := _filled(clause, found)) != spelt:
                return filled
    return text


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    inside = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(sentence))
    end = "$" if sentence.endswith("}") else r"(?:\s+|$)"  # what ends with a blank goes on to the end
    return re.compile(f"{inside}{end}", re.DOTALL)


def _joined(parts: list[str]) -> str:
    """Put a space between two sentences, except after Chinese punctuation."""
    text = ""
    for part in parts:
        text += part if not text or text[-1] in "。：？！" else f" {part}"
    return text
