"""What embedding models want before a question and before a text, from the cards of their makers."""

import re
from hashlib import sha256
from typing import Literal, NamedTuple


class Prefixes(NamedTuple):
    """Put before a question, and before a text that may answer one."""

    query: str
    passage: str

    def to(self, text: str, kind: Literal["query", "passage"]) -> str:
        """Return the text as the model wants it."""
        return (self.query if kind == "query" else self.passage) + text

    @property
    def mark(self) -> str:
        """Six hex digits that change when the prefixes do."""
        return sha256("\0".join(self).encode()).hexdigest()[:6]


_TASK = "Given a web search query, retrieve relevant passages that answer the query"
_SENTENCE = Prefixes("Represent this sentence for searching relevant passages: ", "")
_INSTRUCT = Prefixes(f"Instruct: {_TASK}\nQuery: ", "")

# The first pattern that is found in the model's name counts.
_FAMILIES = (
    (r"e5.*instruct|gte-qwen2", _INSTRUCT),
    (r"\be5\b", Prefixes("query: ", "passage: ")),
    (r"bge-.*-en\b", _SENTENCE),
    (r"bge-.*-zh\b", Prefixes("为这个句子生成表示以用于检索相关文章：", "")),
    (r"mxbai-embed", _SENTENCE),
    (r"arctic-embed.*v2", Prefixes("query: ", "")),
    (r"arctic-embed", _SENTENCE),
    (r"nomic-embed|modernbert-embed", Prefixes("search_query: ", "search_document: ")),
    (r"qwen3-embedding", Prefixes(f"Instruct: {_TASK}\nQuery:", "")),
    (r"embedding-?gemma|gemma-embedding", Prefixes("task: search result | query: ", "title: none | text: ")),
)


def prefixes(name: str) -> Prefixes:
    """Return the prefixes of the family that the name tells; none for an unknown one."""
    plain = re.sub(r"[\s_]+", "-", name.lower())
    return next((found for pattern, found in _FAMILIES if re.search(pattern, plain)), Prefixes("", ""))
