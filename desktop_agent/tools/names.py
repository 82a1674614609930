"""Names of files that the model may not write, and those that the user should look at twice."""

import re
import unicodedata
from functools import lru_cache
from pathlib import PurePosixPath

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.shown import shown
from desktop_agent.visible import INVISIBLE

_PROTECTED = frozenset(
    (
        *(".git", ".hg", ".svn", ".bzr", ".vscode", ".idea", ".devcontainer", ".husky", "autostart", ".autostart"),
        *(".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".config", ".mozilla", ".password-store"),
        *(".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".bash_aliases", ".profile", ".login", ".logout"),
        *(".zshrc", ".zshenv", ".zprofile", ".zlogin", ".zlogout", ".cshrc", ".tcshrc", ".kshrc", ".inputrc"),
        *(".xprofile", ".xinitrc", ".xsession", ".xsessionrc", ".xserverrc", ".pam_environment", ".vimrc", ".emacs"),
        *(".env", ".envrc", ".netrc", ".npmrc", ".yarnrc", ".pypirc", ".pgpass", ".my.cnf", ".git-credentials"),
        *(".gitconfig", ".gitmodules", ".gitattributes", ".pre-commit-config.yaml", ".mcp.json", "authorized_keys"),
        *("sitecustomize.py", "usercustomize.py", "autorun.inf", "desktop.ini"),
    )
)
_PROTECTED_ENDINGS = (".desktop", ".pth", ".lnk", ".url", ".scf", ".reg", ".webloc", ".appref-ms")
_RUNS = frozenset(
    (
        *("makefile", "gnumakefile", "justfile", "rakefile", "gemfile", "dockerfile", "containerfile", "vagrantfile"),
        *("jenkinsfile", "procfile", "cmakelists.txt", "package.json", "pyproject.toml", "setup.cfg", "tox.ini"),
        *("crontab", "configure", "compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"),
    )
)
_RUNS_ENDINGS = frozenset(
    (
        *(".py", ".pyw", ".pyc", ".pyz", ".ipynb", ".sh", ".bash", ".zsh", ".fish", ".csh", ".ksh", ".pl", ".rb"),
        *(".php", ".lua", ".tcl", ".awk", ".js", ".mjs", ".cjs", ".ts", ".jar", ".html", ".htm", ".xhtml", ".svg"),
        *(".bat", ".cmd", ".ps1", ".psm1", ".vbs", ".vbe", ".wsf", ".hta", ".exe", ".com", ".scr", ".msi", ".dll"),
        *(".so", ".dylib", ".app", ".command", ".applescript", ".scpt", ".appimage", ".deb", ".rpm", ".run", ".mk"),
        *(".service", ".timer", ".socket", ".plist", ".docm", ".xlsm", ".pptm", ".gradle", ".cmake"),
    )
)
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])( *\.|$)")
_SHORT = re.compile(r"[^~]{1,6}~[0-9]{1,6}(\.[^.]{0,3})?")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
_LONGEST = 255


def protected(parts: tuple[str, ...]) -> str:
    """Return the part of a path that no tool may change; empty for none.

    Names are compared as the least exact file system would: without case, invisible characters, dots and blanks at the
    end, streams (".git::$INDEX_ALLOCATION"), and by their short form (GIT~1).
    """
    for part in parts:
        name = _plain(part)
        if name in _PROTECTED or name.endswith(_PROTECTED_ENDINGS) or _SHORT.fullmatch(name):
            return part
    return ""


def check_new(name: str) -> None:
    """Raise UserFacingError for what should not become a file's name: not every system can hold or show it."""
    if reason := _unfit(name):
        raise UserFacingError(f"'{shown(name)}' cannot be a file's name here: {reason}.", "Choose a plain name.")


def _unfit(name: str) -> str:
    if len(name.encode("utf-8", "surrogateescape")) > _LONGEST:
        return "it is too long"
    if any(char in '\\:*?"<>|' for char in name):
        return 'it holds one of \\ : * ? " < > |'
    if any(unicodedata.category(char) in INVISIBLE for char in name):
        return "it holds a character that does not show"
    if name != name.strip() or name.endswith("."):
        return "it begins or ends with a blank, or ends with a dot"
    if _RESERVED.match(_plain(name)):
        return "Windows keeps it for a device"
    return ""


def risk(parts: tuple[str, ...]) -> str:
    """Return in a sentence what a user should know of a path that is written; empty when it is nothing unusual."""
    names = [_plain(part) for part in parts]
    if names[-1] in _RUNS or PurePosixPath(names[-1]).suffix in _RUNS_ENDINGS:
        return "Programs run what is in such a file."
    if any(name.startswith(".") for name in names):
        return "It is hidden: programs keep their settings in such files."
    if any(_mixed(part) for part in parts):
        return "Its name mixes letters of several alphabets that look alike."
    return ""


def same(one: str, other: str) -> bool:
    """Return whether some file systems, or a person, cannot tell two names apart."""
    return _plain(one) == _plain(other)


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    if name.isascii():
        return _ended(name.casefold())
    shows = "".join(char for char in unicodedata.normalize("NFKC", name) if unicodedata.category(char) != "Cf")
    return _ended(unicodedata.normalize("NFKC", shows.casefold()))


def _ended(folded: str) -> str:
    return folded.split(":", maxsplit=1)[0].rstrip(". ") or folded


def _mixed(name: str) -> bool:
    kinds = {script for char in name if char.isalpha() for script in _SCRIPTS if _is(char, script)}
    return len(kinds) > 1


def _is(char: str, script: str) -> bool:
    return unicodedata.name(char, "").startswith(script)
