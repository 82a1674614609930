"""What waits in memory: found by what it can be used for, within its room."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_agent.llm.states import State, States, common_prefix

TOKENS = st.lists(st.integers(0, 3), max_size=12)


def state(*tokens: int, size: int = 10) -> State:
    return State(tokens, bytes(size))


def test_the_state_that_saves_most_is_found():
    states = States(1000, whole=False)
    short, long, other = state(1, 2), state(1, 2, 3, 4), state(9, 9, 9, 9, 9)
    for owner, each in (("a", short), ("b", long), ("c", other)):
        states.keep(owner, each)
    assert states.best([1, 2, 3, 9]) == (long, 3)
    assert states.best([1, 2]) == (short, 2)
    assert states.best([5]) == (None, 0)


def test_where_parts_cannot_be_forgotten_only_whole_states_count():
    states = States(1000, whole=True)
    head, turn = state(1, 2), state(1, 2, 3, 4)
    states.keep("a", head)
    states.keep("a", turn)
    assert states.best([1, 2, 3, 9]) == (head, 2)
    assert states.best([1, 2, 3, 4, 5]) == (turn, 4)
    assert states.best([1, 9]) == (None, 0)


def test_an_owner_has_one_state_where_parts_can_be_forgotten():
    states = States(1000, whole=False)
    states.keep("a", state(1, 2))
    states.keep("a", state(1, 2, 3))
    assert states.size == 10
    assert states.has([1, 2, 3])
    assert not states.has([1, 2])


def test_what_was_not_used_for_the_longest_time_goes_first():
    states = States(25, whole=False)
    states.keep("a", state(1))
    states.keep("b", state(2))
    states.best([1])
    states.keep("c", state(3))
    assert states.has([1])
    assert not states.has([2])
    assert states.has([3])
    states.keep("d", state(4, size=26))
    assert states.size == 20  # what is larger than the room takes no place from others


def test_what_is_forgotten_is_gone():
    states = States(100, whole=True)
    states.keep("a", state(1))
    states.keep("a", state(1, 2))
    states.keep("b", state(1, 2, 3))
    states.forget("a")
    assert states.best([1, 2]) == (None, 0)
    assert states.has([1, 2, 3])
    states.clear()
    assert states.size == 0


@given(TOKENS, TOKENS)
def test_the_common_prefix(one, other):
    shared = common_prefix(one, other)
    assert one[:shared] == other[:shared]
    assert one[shared : shared + 1] != other[shared : shared + 1] or shared in {len(one), len(other)}
