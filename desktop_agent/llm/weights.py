"""A GGUF file in memory: its tensors, vocabulary and metadata."""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.llm.native import clear_log, library, recent_log
from desktop_agent.llm.settings import UNTUNED, EngineSettings

_MAGIC = b"GGUF"
_SMALLEST_FILE = 24
"""Bytes of a GGUF header."""

Progress = Callable[[float], bool]
"""Takes the loaded part from 0 to 1; returns False to give up."""


class Weights:
    """A loaded model file. Not thread-safe; `free` must come after the contexts made from it are freed."""

    def __init__(self, path: Path, pointer: Any) -> None:
        self.path = path
        self.pointer = pointer

    @classmethod
    def load(cls, path: Path, progress: Progress | None = None, settings: EngineSettings = UNTUNED) -> "Weights":
        """Map the file into memory; `settings` say whether its weights are laid out anew, and how many layers go where.

        Raises UserFacingError when it is no usable model, Cancelled when `progress` returned False, and whatever it
        raised.
        """
        check_header(path)
        llama = library()
        report = _Report(progress or _go_on)
        params = _model_params(llama, settings)
        params.progress_callback = llama.llama_progress_callback(report)
        clear_log()
        pointer = llama.llama_model_load_from_file(os.fsencode(path), params)
        if report.stopped_by:
            raise report.stopped_by
        if not pointer:
            raise _load_error(path, recent_log())
        return cls(path, pointer)

    @property
    def vocabulary(self) -> Any:
        """The `llama_vocab` pointer."""
        return library().llama_model_get_vocab(self.pointer)

    @property
    def name(self) -> str:
        """The model's name as its maker wrote it, or the file's name."""
        return self.metadata("general.name").removesuffix(" GGUF") or self.path.stem

    @property
    def train_context(self) -> int:
        """The longest context in tokens that the model was trained for; 0 when the file does not say."""
        return int(library().llama_model_n_ctx_train(self.pointer))

    @property
    def parameters(self) -> int:
        """How many weights there are."""
        return int(library().llama_model_n_params(self.pointer))

    @property
    def recurs(self) -> bool:
        """Whether the model keeps a running state beside, or instead of, a cache: it cannot forget a part of it."""
        llama = library()
        return bool(llama.llama_model_is_recurrent(self.pointer) or llama.llama_model_is_hybrid(self.pointer))

    def metadata(self, key: str) -> str:
        """Return the value of a metadata key as text, empty when there is none."""
        llama = library()
        size = llama.llama_model_meta_val_str(self.pointer, key.encode(), None, 0)
        if size < 0:
            return ""
        buffer = ctypes.create_string_buffer(size + 1)
        llama.llama_model_meta_val_str(self.pointer, key.encode(), buffer, size + 1)
        return buffer.value.decode(errors="replace")

    def free(self) -> None:
        """Give the memory back. Safe to call twice."""
        if self.pointer:
            library().llama_model_free(self.pointer)
        self.pointer = None


class _Report:
    """Passes progress on from native code, through which no exception can travel."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.stopped_by: BaseException | None = None

    def __call__(self, part: float, _data: object) -> bool:
        try:
            if not self._progress(part):
                self.stopped_by = Cancelled()
        except BaseException as error:  # noqa: BLE001 -- raised again where the load returns
            self.stopped_by = error
        return self.stopped_by is None


def _go_on(_part: float) -> bool:
    return True


def check_header(path: Path) -> None:
    """Raise UserFacingError unless the file exists and begins like a GGUF."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise UserFacingError(
            f"The model file {path.name} cannot be read: {error.strerror}.", "Check the file, or fetch it again."
        ) from error
    if magic != _MAGIC:
        raise UserFacingError(f"{path.name} is not a model file.", "Choose a file in the GGUF format.")
    if path.stat().st_size < _SMALLEST_FILE:
        raise _damaged(path)


def open_context(weights: Weights, params: Any) -> Any:
    """Return a `llama_context` pointer. Raises UserFacingError when there is not enough memory for it."""
    clear_log()
    context = library().llama_init_from_model(weights.pointer, params)
    if not context:
        raise _load_error(weights.path, recent_log())
    return context


def default_threads() -> int:
    """Return how many threads compute best: one for each physical core that this process may use."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    siblings = Path("/sys/devices/system/cpu")
    cores = {_read(siblings / f"cpu{number}/topology/thread_siblings_list") or str(number) for number in usable}
    return max(1, len(cores))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""


def _model_params(llama: Any, settings: EngineSettings) -> Any:
    params = llama.llama_model_default_params()
    # Weights that are laid out anew are a copy: the mapped file would stay in memory beside it.
    params.load_mode = llama.LLAMA_LOAD_MODE_NONE if settings.repack else llama.LLAMA_LOAD_MODE_MMAP
    params.n_gpu_layers = settings.gpu_layers if llama.llama_supports_gpu_offload() else 0
    params.use_extra_bufts = settings.repack
    return params


def _load_error(path: Path, log: list[str]) -> UserFacingError:
    text = "\n".join(log).lower()
    if "unknown model architecture" in text or "unknown pre-tokenizer" in text:
        return UserFacingError(
            f"{path.name} holds a kind of model that this version does not know.",
            "Choose another model, or update the program.",
        )
    if "alloc" in text or "out of memory" in text:
        return UserFacingError(
            f"There is not enough memory for {path.name}.",
            "Close other programs, or choose a smaller model or a shorter context.",
        )
    if "gguf_init" in text or "corrupted" in text:
        return _damaged(path)
    reason = next((line.partition("error loading model: ")[2] for line in log if "error loading model: " in line), "")
    hint = f"The engine says: {reason}" if reason else "Choose another model."
    return UserFacingError(f"The model file {path.name} cannot be used.", hint)


def _damaged(path: Path) -> UserFacingError:
    return UserFacingError(f"The model file {path.name} is damaged or incomplete.", "Fetch it again.")
