"""The arguments of one decode, in memory that llama.cpp can read."""

import ctypes
from collections.abc import Sequence as Tokens
from typing import Any

from desktop_agent.llm.native import library


class Batch:
    """Tokens of one sequence, one behind the other; the memory is used again and again. `native` is the llama_batch."""

    def __init__(self, room: int) -> None:
        llama = library()
        self._sequence = ctypes.c_int32(0)
        pointer = ctypes.pointer(self._sequence)
        self._token = (ctypes.c_int32 * room)()
        self._position = (ctypes.c_int32 * room)()
        self._sequence_count = (ctypes.c_int32 * room)(*[1] * room)
        self._sequences = (ctypes.POINTER(ctypes.c_int32) * room)(*[pointer] * room)
        self._wants_logits = (ctypes.c_int8 * room)()
        self.native: Any = llama.llama_batch()
        self.native.token = ctypes.cast(self._token, ctypes.POINTER(ctypes.c_int32))
        self.native.pos = ctypes.cast(self._position, ctypes.POINTER(ctypes.c_int32))
        self.native.n_seq_id = ctypes.cast(self._sequence_count, ctypes.POINTER(ctypes.c_int32))
        self.native.seq_id = ctypes.cast(self._sequences, ctypes.POINTER(ctypes.POINTER(ctypes.c_int32)))
        self.native.logits = ctypes.cast(self._wants_logits, ctypes.POINTER(ctypes.c_int8))

    def fill(self, tokens: Tokens[int], start: int, sequence: int, wants_logits: bool) -> None:
        """Set the tokens, their positions from `start` on, and whether the last one's logits are wanted."""
        count = len(tokens)
        self._token[:count] = list(tokens)
        self._position[:count] = list(range(start, start + count))
        self._wants_logits[:count] = [0] * count
        self._wants_logits[count - 1] = int(wants_logits)
        self._sequence.value = sequence
        self.native.n_tokens = count
