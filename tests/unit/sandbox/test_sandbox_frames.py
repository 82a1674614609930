"""What comes from a worker is read with suspicion."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_agent.sandbox import frames

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def framed(data: bytes, length: int | None = None) -> io.BytesIO:
    return io.BytesIO((len(data) if length is None else length).to_bytes(4, "big") + data)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(), VALUES))
def test_that_what_is_written_is_read(message: dict[str, object]) -> None:
    stream = io.BytesIO()
    frames.write(stream, message)
    frames.write(stream, {})
    stream.seek(0)
    assert [frames.read(stream) for _ in range(3)] == [message, {}, None]


def test_that_half_a_letter_does_no_harm() -> None:
    stream = io.BytesIO()
    frames.write(stream, {"text": "a\ud800b"})
    stream.seek(0)
    assert frames.read(stream) == {"text": "a\ufffd\ufffd\ufffdb"}


@pytest.mark.parametrize(
    "stream",
    [
        framed(b"{}", 1 << 31),
        framed(b"x" * 200, 200),
        framed(b"{", 5),
        io.BytesIO(b"\0\0"),
        framed(b"[1]"),
        framed(b"1"),
        framed(b'{"a": NaN}'),
        framed(b"[" * 90),
        framed(b'{"a": ' + b"9" * 5000 + b"}"),
        framed(b"\xff\xfe\0"),
    ],
)
def test_that_what_is_no_message_is_refused(stream: io.BytesIO) -> None:
    with pytest.raises(frames.BrokenFrame):
        frames.read(stream, largest=5020)


def test_that_deep_nesting_is_refused_and_harmless() -> None:
    with pytest.raises(frames.BrokenFrame):
        frames.read(framed(b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}"))


def test_that_a_message_may_be_as_large_as_allowed_and_no_larger() -> None:
    data = b'{"a":"' + b"x" * 100 + b'"}'
    assert frames.read(framed(data), largest=len(data)) == {"a": "x" * 100}
    with pytest.raises(frames.BrokenFrame):
        frames.read(framed(data), largest=len(data) - 1)
