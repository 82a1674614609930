"""python -m desktop_agent, and the `desktop-agent` command."""

import sys

from desktop_agent.cli.main import run
from desktop_agent.cli.start import WindowUnavailable


def open_window() -> int:
    """Show the window and return the exit code. Raises WindowUnavailable when Qt cannot be loaded."""
    try:
        import PySide6.QtWidgets  # noqa: F401 -- whether it loads is the question
    except ImportError as error:
        raise WindowUnavailable(f"The window's system libraries are missing ({error}).") from error
    from desktop_agent.app import App
    from desktop_agent.paths import Paths
    from desktop_agent.ui.main import run as run_window

    code: int = run_window(App(Paths.from_environment()))
    return code


def main() -> None:
    """Run the program and leave with its exit code."""
    sys.exit(run(sys.argv[1:], open_window))


if __name__ == "__main__":
    main()
