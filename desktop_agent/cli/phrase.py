"""`desktop-agent key phrase|check|recover`: the recovery phrase. It is seen on the terminal and nowhere else."""

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from desktop_agent.cli.own_home import ask, done, own_home
from desktop_agent.cli.session import confirmed, is_interactive
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.settings import config, recovery
from desktop_agent.settings.recovery import Language, RecoveryStatus

NONE = "There is no recovery phrase. To make one, run: desktop-agent key phrase"
COLUMNS, ASKED, TRIES = 4, 2, 3
LANGUAGES: dict[str, Language] = {"english": "english", "chinese": "chinese_simplified"}

_OTHER_SCREEN, _BACK = "\x1b[?1049h\x1b[H\x1b[2J", "\x1b[2J\x1b[?1049l"
_WRITE_DOWN = (
    "Write these {count} words down on paper, in this order. They are shown only now.\n"
    "Whoever has them and a copy of this home can read your conversations: no file, no photo, no e-mail.\n"
)
_UNCHECKED = "The new phrase counts, but was not checked. Try `desktop-agent key check`, or make another one."
_NOT_NOW = "Nothing was changed."


def register(add: Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]) -> None:
    """Add the actions to the `key` command."""
    phrase = add("phrase", _phrase, "show a new recovery phrase, once: 24 words that open a lost key")
    phrase.add_argument("--words", choices=list(LANGUAGES), help="their language (default: as in the settings)")
    add("check", _check, "type your recovery phrase to see that you still have it")
    add(
        "recover", _recover, "open the key with your recovery phrase, on a new computer or after a forgotten passphrase"
    )


def described(status: RecoveryStatus) -> str:
    """Return a sentence about the phrase."""
    if not status.exists:
        return NONE
    checked = f"last checked on {status.confirmed_on}" if status.confirmed_on else "never checked"
    hint = " Check that you still have it: desktop-agent key check" if status.due else ""
    return f"A recovery phrase was made on {status.made_on}, {checked}.{hint}"


def _phrase(args: argparse.Namespace) -> int:
    _refuse_pipes("A recovery phrase can only be shown in a terminal.")
    with own_home() as paths:
        question = "You have a recovery phrase, and a new one makes it void. Make a new one?"
        if recovery.status(paths).exists and not confirmed(question, _NOT_NOW):
            raise Cancelled
        settings, _ = config.load(paths.settings)
        language = args.words or ("chinese" if settings.language == "zh_CN" else "english")
        phrase = recovery.make_phrase(paths, lambda: ask("Passphrase: "), LANGUAGES[language])
        try:
            _show(phrase.split())
            _quiz(phrase.split())
        except (Cancelled, KeyboardInterrupt):
            _say(_UNCHECKED)
            raise
        recovery.confirm(paths, phrase)
    print("Your conversations can be opened with this recovery phrase from now on. Keep the paper safe.")
    return 0


def _check(_: argparse.Namespace) -> int:
    _refuse_pipes("A recovery phrase can only be typed in a terminal.")
    with own_home() as paths:
        _refuse_none(recovery.status(paths))
        recovery.confirm(paths, _typed())
    print("All is well: this is the recovery phrase of your conversations.")
    return 0


def _recover(_: argparse.Namespace) -> int:
    _refuse_pipes("A recovery phrase can only be typed in a terminal.")
    with own_home() as paths:
        _refuse_none(recovery.status(paths))
        notice = recovery.recover(paths, _typed())
    print("The key to your conversations is here again.")
    return done(notice)


def _refuse_pipes(message: str) -> None:
    if not is_interactive():
        raise UserFacingError(message, _NOT_NOW)


def _refuse_none(status: RecoveryStatus) -> None:
    if not status.exists:
        raise UserFacingError("There is no recovery phrase for these conversations.", _NOT_NOW)


def _show(words: Sequence[str]) -> None:
    """Show the words until Enter is pressed."""
    with _screen_of_its_own():
        _say(_WRITE_DOWN.format(count=len(words)))
        _say(_table(words))
        _line("\nPress Enter when you have written them down. ")


def _quiz(words: Sequence[str]) -> None:
    """Ask for two of the words; raises UserFacingError when what was written down is not the phrase."""
    for place in sorted(random.SystemRandom().sample(range(len(words)), ASKED)):
        for _ in range(TRIES):
            if _line(f"Word {place + 1}: ").strip().casefold() == words[place]:
                break
            _say("That is not it.")
        else:
            raise UserFacingError("What you wrote down is not the phrase.", _UNCHECKED)


def _typed() -> str:
    with _screen_of_its_own():
        return _line("Type all words of your recovery phrase, in order, on one line.\n> ")


@contextmanager
def _screen_of_its_own() -> Iterator[None]:
    """Let what is said and typed meanwhile vanish from the terminal, with what can be scrolled back to."""
    _say(_OTHER_SCREEN, end="")
    try:
        yield
    finally:
        _say(_BACK, end="")


def _table(words: Sequence[str]) -> str:
    rows = -(-len(words) // COLUMNS)
    cells = [f"{number:>4}. {word:<10}" for number, word in enumerate(words, 1)]
    return "\n".join("".join(cells[row::rows]).rstrip() for row in range(rows))


def _line(prompt: str) -> str:
    """Return a typed line; nothing of it goes to standard output, which may be a file."""
    _say(prompt, end="")
    line = sys.stdin.readline()
    if not line:
        raise Cancelled
    return line


def _say(text: str, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)
