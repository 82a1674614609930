"""What can be chosen about how models run."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QSpinBox, QWidget

from desktop_agent.ui import formats
from desktop_agent.ui.fields import line
from desktop_agent.ui.memory_box import Box

if TYPE_CHECKING:
    from desktop_agent.models.catalogue import ModelEntry
    from desktop_agent.settings.config import Settings

CONTEXTS = (2048, 4096, 8192, 16384, 32768, 65536)
AT_LOAD = frozenset({"context_tokens", "small_cache", "guess_ahead", "threads", "gpu", "draft_model", "hot_chats_mb"})
"""The settings that a model takes when it is loaded."""
DAY_MINUTES = 24 * 60
MOST_MB = 64 * 1024
FIELD_EMS = 8


class EngineForm(QWidget):
    """Fields with the settings in them. `changed` is emitted with each change, whether or not it makes a difference."""

    changed = Signal()

    def __init__(self, settings: "Settings", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._values: dict[str, Callable[[], object]] = {}
        self._names: dict[str, str] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 12, 0)
        self._form.setHorizontalSpacing(14)
        self._form.setVerticalSpacing(9)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._add_model()
        self._add_waiting()

    def changes(self) -> dict[str, object]:
        """Return what differs from the settings."""
        return {name: value() for name, value in self._values.items() if value() != getattr(self._settings, name)}

    def names(self, changes: Sequence[str]) -> list[str]:
        """Return what the user knows those settings by that a model takes when it is loaded."""
        return [self._names[name] for name in changes if name in AT_LOAD]

    def keep(self, settings: "Settings") -> None:
        """Compare with these settings from now on."""
        self._settings = settings

    def show_models(self, entries: "Sequence[ModelEntry]") -> None:
        """Offer these models as draft models."""
        chosen = self.draft.currentData()
        for entry in entries:
            if self.draft.findData(entry.name) < 0:
                self.draft.addItem(f"{entry.title} ({formats.size(entry.bytes)})", entry.name)
            else:
                self.draft.setItemText(self.draft.findData(entry.name), entry.title)
        self.draft.setCurrentIndex(self.draft.findData(chosen))

    def _add_model(self) -> None:
        settings = self._settings
        self._form.addRow(line(self.tr("Model"), "section"))
        self.context = QComboBox()
        for tokens in sorted({*CONTEXTS, settings.context_tokens}):
            self.context.addItem(self.tr("{count} tokens").format(count=formats.number(tokens)), tokens)
        self.context.setCurrentIndex(self.context.findData(settings.context_tokens))
        self._add("context_tokens", self.tr("Context size"), self.context, self.tr("More needs more memory."))
        about = self.tr("Half the memory for the context; answers change a little, long chats are read more slowly.")
        self.cache = self._add_box("small_cache", self.tr("Store the KV cache as q8_0"), about)
        most = max(os.cpu_count() or 1, settings.threads)
        self.threads = QSpinBox(minimum=0, maximum=most, value=settings.threads, specialValueText=self.tr("automatic"))
        self._add("threads", self.tr("Threads"), self.threads, self.tr("How many processor cores the model uses."))
        about = self.tr("Answers that repeat much of their question come faster; prompts may be read more slowly.")
        self.guess = self._add_box("guess_ahead", self.tr("Guess ahead even where reading suffers"), about)
        self.draft = QComboBox()
        self.draft.addItem(self.tr("none"), "")
        if settings.draft_model:
            self.draft.addItem(settings.draft_model, settings.draft_model)
        self.draft.setCurrentIndex(self.draft.findData(settings.draft_model))
        about = self.tr("A small model with the same vocabulary guesses ahead, which the model then only checks.")
        self._add("draft_model", self.tr("Draft model"), self.draft, about)
        about = self.tr("As far as its memory reaches; the processor does the rest.")
        self.gpu = self._add_box("gpu", self.tr("Use the graphics card"), about)
        about = self.tr("Models that can think before they answer do. Answers take longer.")
        self.thinking = self._add_box("thinking", self.tr("Think before answering"), about)

    def _add_waiting(self) -> None:
        settings = self._settings
        self._form.addRow(line(self.tr("Waiting and memory"), "section"))
        about = self.tr("The model reads what you type while you type it, so that it answers sooner.")
        self.ahead = self._add_box("read_ahead", self.tr("Read ahead while I type"), about)
        about = self.tr("Finds in at most 15 seconds what makes a model fastest on this computer.")
        self.tune = self._add_box("tune_models", self.tr("Measure a model at its first start"), about)
        self.chats = QSpinBox(minimum=0, maximum=MOST_MB, singleStep=128, value=settings.hot_chats_mb, suffix=" MB")
        self.chats.setSpecialValueText(self.tr("none"))
        about = self.tr("What may hold what the model has read of chats, so that it need not read it again.")
        self._add("hot_chats_mb", self.tr("Memory for chats"), self.chats, about)
        self.idle = QSpinBox(minimum=0, maximum=max(DAY_MINUTES, settings.idle_minutes), value=settings.idle_minutes)
        self.idle.setSuffix(self.tr(" min"))
        self.idle.setSpecialValueText(self.tr("never"))
        about = self.tr("After so long without use the model gives its memory back, until the next question.")
        self._add("idle_minutes", self.tr("Unload when idle"), self.idle, about)

    def _add(self, name: str, words: str, field: QComboBox | QSpinBox, about: str) -> None:
        label = QLabel(words, toolTip=about)
        label.setBuddy(field)
        field.setToolTip(about)
        field.setAccessibleName(words)
        field.setMinimumWidth(FIELD_EMS * self.fontMetrics().height())
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self)
        signal = field.currentIndexChanged if isinstance(field, QComboBox) else field.valueChanged
        signal.connect(lambda _: self.changed.emit())
        self._values[name] = field.currentData if isinstance(field, QComboBox) else field.value
        self._names[name] = words
        self._form.addRow(label, field)

    def _add_box(self, name: str, words: str, about: str) -> Box:
        box = Box(words)
        box.setToolTip(about)
        box.setChecked(getattr(self._settings, name))
        box.toggled.connect(lambda _: self.changed.emit())
        self._values[name] = box.isChecked
        self._names[name] = words
        self._form.addRow(box)
        return box

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scrolling past a field changes nothing in it."""
        if event.type() == QEvent.Type.Wheel and not watched.hasFocus():
            event.ignore()
            return True
        return False
