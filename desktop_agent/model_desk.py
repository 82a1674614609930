"""From a model's name to one that answers: is it sound, does it fit, what is fastest; and what to expect of others."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_agent.errors import UserFacingError
from desktop_agent.loading_mark import LoadingMark
from desktop_agent.model_fit import ModelFit
from desktop_agent.model_origin import Origin
from desktop_agent.models.forecast import Forecast
from desktop_agent.models.library import Library
from desktop_agent.paths import Paths
from desktop_agent.settings.config import Settings

if TYPE_CHECKING:
    from desktop_agent.llm.choices import Choice, Choices
    from desktop_agent.llm.engine import Engine
    from desktop_agent.llm.loaded import Plan
    from desktop_agent.llm.probe import Probed, Speed
    from desktop_agent.llm.settings import EngineSettings

DEFAULT_MODEL = "starter"
NO_DRAFT = "Nothing is guessed ahead: {}"
NO_SMALL_CACHE = "{} cannot store the KV cache as q8_0, so it takes more memory."

LoadProgress = Callable[[float], bool]
"""Told how much of a model is loaded, 0 to 1; returns False to give up."""
Tell = Callable[[str], None]
"""Told in a sentence what is being done before a model is loaded."""


def untold(_sentence: str) -> None:
    """Tell nobody."""


class ModelDesk:
    """All that happens around loading a model. `settings` returns those of now; `report` gets sentences for the user.

    What was measured lies in `paths.engine`, can be made again at any time, and is of this machine only.
    """

    def __init__(
        self, paths: Paths, library: Library, settings: Callable[[], Settings], report: Callable[[str], None]
    ) -> None:
        self._paths = paths
        self._library = library
        self._settings = settings
        self._report = report
        self._mark = LoadingMark(paths.engine / "loading")
        self._fit = ModelFit(library)
        self._origin = Origin(library, paths.engine)

    @property
    def crashed_model(self) -> str:
        """The model during whose load the program died the last time; empty when it did not."""
        return self._mark.crashed()

    def find(self, name: str = "") -> Path:
        """Return the file of a model by name or path, else of the one from the settings. Raises ModelMissing."""
        return self._library.find(self._name(name), role="chat")

    def check(self, name: str, tell: Tell = untold, cancel: threading.Event | None = None) -> None:
        """See that a model can be loaded: a file from elsewhere is tried in another process, and all have to fit.

        Raises ModelMissing, UserFacingError with the reason and what would help, or Cancelled.
        """
        path = self.find(name)
        self._fit.check(self._name(name), path, self._settings().context_tokens, self._engine_settings(path))
        self._origin.examine(path, tell, cancel)
        if draft := self._draft():
            try:
                self._origin.examine(draft, tell, cancel)
            except UserFacingError as error:
                self._report(NO_DRAFT.format(error))

    def load(self, name: str, progress: LoadProgress | None) -> "Engine":
        """Load a model that was checked, with what was found to be fastest. Raises UserFacingError, Cancelled."""
        from desktop_agent.llm.engine import Engine

        path = self.find(name)
        self._mark.set(self._name(name))
        try:
            engine = Engine.load(path, plan=self._plan(path), progress=progress)
        finally:
            self._mark.clear()
        self._fit.loaded(path, self._settings().context_tokens, engine.settings)
        if engine.offload.device and not engine.offload.layers:
            self._report(engine.offload.reason)
        if engine.draft_problem:
            self._report(NO_DRAFT.format(engine.draft_problem))
        return engine

    def unloaded(self) -> None:
        """Note that the model gave its memory back."""
        self._fit.unloaded()

    def tune(self, name: str = "", tell: Tell = untold, cancel: threading.Event | None = None) -> "Choice":
        """Measure for at most 15 seconds what makes a model fastest here, and keep it. Raises as `check`, Cancelled."""
        from desktop_agent.llm.tuning import tune

        self.check(name, tell, cancel)
        path, settings = self.find(name), self._settings()
        choice = tune(
            path,
            context_tokens=settings.context_tokens,
            tell=tell,
            cancel=cancel,
            free_bytes=self._fit.free,
            gpu_layers=-1 if settings.gpu else 0,
            guesses=settings.guess_ahead,
        )
        try:
            self._choices().put(self._origin.identity(path), self._use, choice)
            self._probed().forget()  # who measures a model again wants the forecasts of others measured again, too
        except OSError as error:
            self._report(f"What was measured could not be kept: {error.strerror}.")
        return choice

    def tune_once(self, name: str, tell: Tell, cancel: threading.Event | None) -> None:
        """Measure a model that was never measured here, if that is wanted; what fails at it is told at the load."""
        if self._settings().tune_models and self.choice(name) is None:
            with suppress(UserFacingError):
                self.tune(name, tell, cancel)

    def choice(self, name: str = "") -> "Choice | None":
        """Return what was measured for a model; None when nothing was, or the model is not here."""
        try:
            return self._choice(self.find(name))
        except UserFacingError:
            return None

    def forget_choice(self, name: str) -> bool:
        """Use the usual settings for a model again; return whether there were others."""
        return self._choices().forget(self._origin.identity(self.find(name)))

    def forecasts(self, cancel: threading.Event | None = None) -> dict[str, Forecast]:
        """Return by name what to expect of each chat model; the first time, this computer is measured for seconds."""
        from desktop_agent.llm.probe import measure

        probed = self._probed()
        speed = probed.get()
        if speed is None:
            speed = measure(cancel or threading.Event())
            with suppress(OSError):
                probed.put(speed)
        return self._forecasts(speed)

    def known_forecasts(self) -> dict[str, Forecast]:
        """Return the same at once; without speeds where this computer was not measured."""
        from desktop_agent.llm.probe import Speed

        return self._forecasts(self._probed().get() or Speed(0.0, 0.0))

    def _forecasts(self, speed: "Speed") -> dict[str, Forecast]:
        return self._fit.forecasts(speed.multiply_rate, speed.memory_rate, self._settings().context_tokens)

    def _name(self, name: str) -> str:
        return name or self._settings().model or DEFAULT_MODEL

    def _choice(self, path: Path) -> "Choice | None":
        identity = self._origin.identity(path)
        return self._choices().get(identity, self._use) if identity else None

    @property
    def _use(self) -> str:
        """What a model is measured for."""
        settings = self._settings()
        return f"{settings.context_tokens}-guessing" if settings.guess_ahead else str(settings.context_tokens)

    def _probed(self) -> "Probed":
        from desktop_agent.llm.probe import Probed

        return Probed(self._paths.engine)

    def _choices(self) -> "Choices":
        from desktop_agent.llm.choices import Choices

        return Choices(self._paths.engine)

    def _engine_settings(self, path: Path) -> "EngineSettings":
        """Return what was measured, as far as the user wants nothing else."""
        from desktop_agent.llm.settings import UNTUNED

        wanted, choice = self._settings(), self._choice(path)
        settings = choice.settings if choice else UNTUNED
        if wanted.threads not in {0, settings.threads}:  # how far guesses are exact was not measured so
            settings = replace(settings, threads=wanted.threads, threads_batch=wanted.threads, draft_most=0)
        if wanted.small_cache and self._has_small_cache(path):  # nor so
            settings = replace(settings, key_type="q8_0", value_type="q8_0", draft_most=0)
        return replace(settings, gpu_layers=-1 if wanted.gpu else 0)

    def _has_small_cache(self, path: Path) -> bool:
        can = self._fit.has_small_cache(path)
        if not can:
            self._report(NO_SMALL_CACHE.format(path.name))
        return can

    def _plan(self, path: Path) -> "Plan":
        from desktop_agent.llm.loaded import Plan
        from desktop_agent.llm.snapshots import Snapshots

        wanted, draft = self._settings(), self._draft()
        return Plan(
            wanted.context_tokens,
            self._engine_settings(path),
            Snapshots(self._paths.engine / "heads"),
            self._origin.identity(path),
            wanted.hot_chats_mb << 20,
            draft if draft and self._origin.is_trusted(draft) else None,
        )

    def _draft(self) -> Path | None:
        """Return the file of the model that guesses ahead; one that is gone is told, and done without."""
        name = self._settings().draft_model
        try:
            return self._library.find(name, role="chat") if name else None
        except UserFacingError as error:
            self._report(NO_DRAFT.format(error))
            return None
