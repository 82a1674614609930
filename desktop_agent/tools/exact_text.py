"""The text of a file such that writing it back gives the very same bytes."""

from dataclasses import dataclass

from desktop_agent.decoding import encoding_of, kind_of
from desktop_agent.errors import UserFacingError


@dataclass(frozen=True)
class ExactText:
    """A text, with the encoding and the byte order mark of its file.

    With `windows` all lines of the file end in CR LF, those of `text` in LF.
    """

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""
    windows: bool = False

    @classmethod
    def of(cls, data: bytes, label: str) -> "ExactText":
        """Return the text of a file; raises UserFacingError for what is not text, or in no encoding known here."""
        if kind := kind_of(data):
            raise UserFacingError(f"'{label}' is {kind}.", "Only plain text can be changed.")
        encoding, mark = encoding_of(data)
        if found := _exactly(data, data[:mark], encoding):
            return found
        raise UserFacingError(f"'{label}' is in no encoding known here.", "Only plain text can be changed.")

    def bytes_of(self, text: str) -> bytes:
        """Return what another text is in this encoding and with these line ends; in UTF-8 where it cannot hold it."""
        written = text.replace("\r\n", "\n").replace("\n", "\r\n") if self.windows else text
        try:
            return self.mark + written.encode(self.encoding)
        except UnicodeEncodeError:
            return written.encode()


def encoded(text: str) -> bytes:
    """Return a new file's bytes; raises UserFacingError for what no text file can hold."""
    if "\0" in text:
        raise UserFacingError("A text file cannot hold a NUL character.")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise UserFacingError("The text holds half a character (a lone surrogate).", "Write it anew.") from error


def _exactly(data: bytes, mark: bytes, encoding: str) -> ExactText | None:
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        return None
    windows = "\r\n" in text and text.count("\r\n") == text.count("\n") == text.count("\r")
    found = ExactText(text.replace("\r\n", "\n") if windows else text, encoding, mark, windows)
    return found if found.bytes_of(found.text) == data else None
