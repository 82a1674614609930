"""The arguments of one decode, in memory that llama.cpp can read."""

import ctypes
from collections.abc import Sequence as Tokens
from typing import Any

from desktop_agent.llm.native import library


class Batch:
    """Room for so many tokens, used again and again. `native` is the llama_batch."""

    def __init__(self, room: int) -> None:
        llama = library()
        self._token = (ctypes.c_int32 * room)()
        self._position = (ctypes.c_int32 * room)()
        self._sequence_count = (ctypes.c_int32 * room)(*[1] * room)
        self._sequence = (ctypes.c_int32 * room)()
        pointers = [ctypes.pointer(ctypes.c_int32.from_buffer(self._sequence, 4 * row)) for row in range(room)]
        self._sequences = (ctypes.POINTER(ctypes.c_int32) * room)(*pointers)
        self._wants_logits = (ctypes.c_int8 * room)()
        self.native: Any = llama.llama_batch()
        self.native.token = ctypes.cast(self._token, ctypes.POINTER(ctypes.c_int32))
        self.native.pos = ctypes.cast(self._position, ctypes.POINTER(ctypes.c_int32))
        self.native.n_seq_id = ctypes.cast(self._sequence_count, ctypes.POINTER(ctypes.c_int32))
        self.native.seq_id = ctypes.cast(self._sequences, ctypes.POINTER(ctypes.POINTER(ctypes.c_int32)))
        self.native.logits = ctypes.cast(self._wants_logits, ctypes.POINTER(ctypes.c_int8))

    def fill(self, tokens: Tokens[int], start: int, sequence: int, outputs: int) -> None:
        """Set tokens of one sequence, their positions from `start` on, and that the last `outputs` want logits."""
        count = len(tokens)
        self._token[:count] = list(tokens)
        self._position[:count] = list(range(start, start + count))
        self._sequence[:count] = [sequence] * count
        for row in range(count):
            self._wants_logits[row] = row >= count - outputs
        self.native.n_tokens = count

    def fill_beside(self, tokens: Tokens[int], positions: Tokens[int], sequences: Tokens[int]) -> None:
        """Set one token for each of several sequences; all want logits."""
        count = len(tokens)
        self._token[:count] = list(tokens)
        self._position[:count] = list(positions)
        self._sequence[:count] = list(sequences)
        for row in range(count):
            self._wants_logits[row] = True
        self.native.n_tokens = count
