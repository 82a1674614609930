"""XML as a stream of events: no tree that could fill the memory, no entities that could multiply or reach outside."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from types import MappingProxyType
from typing import BinaryIO, Literal, NamedTuple, NoReturn
from xml.parsers import expat

from desktop_agent.errors import UserFacingError

_CHUNK = 1 << 16
_LONGEST_TAG = 4 << 20
_NO_MEMORY = 1  # XML_ERROR_NO_MEMORY


class Event(NamedTuple):
    """`name` is an element's name without its prefix; text between elements has none."""

    kind: Literal["start", "end", "text"]
    name: str
    attributes: Mapping[str, str] = MappingProxyType({})
    text: str = ""


def elements(stream: BinaryIO) -> Iterator[Event]:
    """Yield what an XML file holds. Raises UserFacingError for a document type, which Office files may not have."""
    events: list[Event] = []
    parser = _parser(events.append)
    fed = 0
    while data := stream.read(_CHUNK):
        yield from _parsed(parser, data, events)
        fed += len(data)
        if fed - parser.CurrentByteIndex > _LONGEST_TAG:  # Expat before 2.6 begins each anew with each piece
            raise UserFacingError("The document has an XML tag that is longer than any document needs.")
    yield from _parsed(parser, b"", events)


def attribute(event: Event, name: str) -> str:
    """Return an attribute's value, whatever prefix it has; one without a prefix only when no other has the name."""
    prefixed = (value for key, value in event.attributes.items() if key.endswith(f":{name}"))
    return next(prefixed, event.attributes.get(name, ""))


def root(data: bytes) -> Event | None:
    """Return the first element of what may be the beginning of an XML file; entities are left alone."""
    events: list[Event] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: events.append(Event("start", _local(name), attributes))
    parser.EntityDeclHandler = _refused
    with suppress(expat.ExpatError, UserFacingError):
        parser.Parse(data, False)
    return events[0] if events else None


def _parser(emit: Callable[[Event], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: emit(Event("start", _local(name), attributes))
    parser.EndElementHandler = lambda name: emit(Event("end", _local(name)))
    parser.CharacterDataHandler = lambda text: emit(Event("text", "", text=text))
    parser.StartDoctypeDeclHandler = _refused
    parser.EntityDeclHandler = _refused
    return parser


def _parsed(parser: expat.XMLParserType, data: bytes, events: list[Event]) -> Iterator[Event]:
    try:
        parser.Parse(data, not data)
    except expat.ExpatError as error:
        if error.code == _NO_MEMORY:
            raise MemoryError from error
        raise
    yield from events
    events.clear()


@lru_cache(512)
def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refused(*_: object) -> NoReturn:
    raise UserFacingError("The document defines XML entities, which documents never need, so it is not read.")
