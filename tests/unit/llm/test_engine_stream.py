"""Work on one thread, its results on another."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop_agent.llm.native import StopFlag
from desktop_agent.llm.stream import stream


@pytest.fixture
def worker():
    with ThreadPoolExecutor(1) as executor:
        yield executor


def test_items_arrive_in_order_from_the_workers_thread(worker):
    def work():
        for number in range(3):
            yield number, threading.current_thread()

    items = list(stream(worker, work, StopFlag(threading.Event())))
    assert [number for number, _thread in items] == [0, 1, 2]
    assert all(thread is not threading.current_thread() for _number, thread in items)


def test_what_the_work_raises_is_raised_here_after_its_items(worker):
    def work():
        yield 1
        raise ValueError("no more")

    items = stream(worker, work, StopFlag(threading.Event()))
    assert next(items) == 1
    with pytest.raises(ValueError, match="no more"):
        next(items)


def test_leaving_early_stops_the_work_and_waits_for_it(worker):
    stop = StopFlag(threading.Event())
    ended = threading.Event()

    def work():
        while not stop.poll():
            yield 1
        ended.set()

    items = stream(worker, work, stop)
    next(items)
    items.close()
    assert ended.is_set()


def test_the_event_reaches_work_that_yields_nothing(worker):
    event = threading.Event()
    stop = StopFlag(event)
    begun = threading.Event()

    def work():
        begun.set()
        while stop._bytes[0] == b"\0":  # as native code does: it knows nothing of the event
            pass
        yield "stopped"

    threading.Thread(target=lambda: begun.wait() and event.set()).start()
    assert list(stream(worker, work, stop)) == ["stopped"]


def test_work_that_waits_for_its_turn_can_be_stopped_at_once(worker):
    busy, event, outcome = threading.Event(), threading.Event(), []
    worker.submit(busy.wait)

    def consume():
        outcome.append((yield from stream(worker, lambda: iter([1]), StopFlag(event))))

    event.set()
    assert list(consume()) == []
    assert outcome == [False]
    busy.set()
