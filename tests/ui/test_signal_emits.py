"""PySide6 6.12.0 drops a reference per Signal.emit and aborts on Python 3.11 after some thousand."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_agent.events import TextDelta
from desktop_agent.ui.background import Background

EMITS = 5_000


def test_thousands_of_deliveries_survive(qtbot: QtBot, qapp: QApplication) -> None:
    background = Background()
    seen: list[TextDelta] = []

    def work() -> None:
        for _ in range(EMITS):
            background.post(seen.append, TextDelta("x"))

    background.run(work, lane="turn")
    qtbot.waitUntil(lambda: len(seen) == EMITS, timeout=20_000)
    background.close()


def test_results_and_errors_come_back_in_order(qtbot: QtBot) -> None:
    background = Background()
    told: list[object] = []
    background.failed.connect(told.append)
    fault = ValueError("no")

    def fail() -> None:
        raise fault

    background.run(lambda: 1, done=told.append)
    background.run(fail, failed=told.append)
    background.run(lambda: 2, done=told.append)
    background.run(fail)
    qtbot.waitUntil(lambda: len(told) == 4)
    assert told == [1, fault, 2, fault]
    background.close()


def test_nothing_is_delivered_after_close(qtbot: QtBot) -> None:
    background = Background()
    told: list[int] = []
    background.run(lambda: 1, done=told.append)
    background.close()
    qtbot.wait(20)
    assert told == []
