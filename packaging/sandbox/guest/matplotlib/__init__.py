"""What models draw with, as far as show_chart can: the charts go to the user's window."""


def use(backend: str, **more: object) -> None:
    """There is one backend: the window."""
