"""The errors that cross rooms."""


class DesktopAgentError(Exception):
    """Base of everything this program raises on purpose."""


class UserFacingError(DesktopAgentError):
    """Something the user can understand and act on: what happened, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class Cancelled(DesktopAgentError):
    """The user stopped what was going on."""
