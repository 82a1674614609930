"""The graphics cards that llama.cpp sees."""

import ctypes
from dataclasses import dataclass
from typing import Any

from desktop_agent.llm.native import library

_GPU = (1, 2)
"""ggml-backend.h: a card with memory of its own, and one that shares the processor's."""


@dataclass(frozen=True)
class Gpu:
    """A graphics card, with bytes of memory."""

    name: str
    free: int
    total: int


def gpus() -> tuple[Gpu, ...]:
    """Return the graphics cards, none where llama.cpp was built for the processor only."""
    if not library().llama_supports_gpu_offload():
        return ()
    ggml = _Functions()
    devices = [
        ctypes.c_void_p(ggml.ggml_backend_dev_get(ctypes.c_size_t(index)))
        for index in range(ggml.ggml_backend_dev_count())
    ]
    return tuple(_gpu(ggml, device) for device in devices if ggml.ggml_backend_dev_type(device) in _GPU)


def describe_devices() -> tuple[str, ...]:
    """Return the graphics cards' names and sizes, by which a machine is known again."""
    return tuple(f"{gpu.name}, {gpu.total / 2**30:.0f} GiB" for gpu in gpus())


def _gpu(ggml: Any, device: ctypes.c_void_p) -> Gpu:
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    ggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
    return Gpu(ggml.ggml_backend_dev_description(device).decode(errors="replace"), free.value, total.value)


_RESULTS = {
    "ggml_backend_dev_count": ctypes.c_size_t,
    "ggml_backend_dev_get": ctypes.c_void_p,
    "ggml_backend_dev_type": ctypes.c_int,
    "ggml_backend_dev_description": ctypes.c_char_p,
    "ggml_backend_dev_memory": None,
}


class _Functions:
    """What ggml has on its devices; llama-cpp-python binds none of it. Each function is in one of two libraries."""

    def __init__(self) -> None:
        from llama_cpp import _ggml
        from llama_cpp._ctypes_extensions import load_shared_library

        self._libraries = (_ggml.libggml, load_shared_library("ggml-base", _ggml.libggml_base_path))

    def __getattr__(self, name: str) -> Any:
        function = next(getattr(library, name) for library in self._libraries if hasattr(library, name))
        function.restype = _RESULTS[name]
        return function
