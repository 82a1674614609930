"""One model in the list of models: what it is, and what can be done with it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop_agent.ui import formats
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.forecast_line import ForecastLine

if TYPE_CHECKING:
    from desktop_agent.models.catalogue import ModelEntry
    from desktop_agent.models.pace import Pace

STEPS = 1000
NOTES = (
    QT_TRANSLATE_NOOP("ModelCard", "recommended to begin with: answers on any computer"),
    QT_TRANSLATE_NOOP("ModelCard", "for very old computers; makes more mistakes"),
    QT_TRANSLATE_NOOP("ModelCard", "better answers and tool use; for computers with 8 GB"),
    QT_TRANSLATE_NOOP("ModelCard", "better answers and tool use; for computers with 10 GB"),
    QT_TRANSLATE_NOOP("ModelCard", "imported"),
)
"""What the catalogue says of its models, for the translators. The note of another model is shown as it is."""


class ModelCard(QFrame):
    """`fetched`, `paused`, `cancelled` and `used` say which button was pressed, for the model of this name."""

    fetched = Signal(str)
    paused = Signal(str)
    cancelled = Signal(str)
    used = Signal(str)

    def __init__(self, entry: "ModelEntry", *, primary: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "card")
        self.entry = entry
        self._primary = primary
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 14, 14)
        layout.setSpacing(10)
        layout.addLayout(self._head())
        self.progress = QProgressBar(textVisible=False, maximum=STEPS, visible=False)
        self.progress.setAccessibleName(self.tr("Download"))
        self.pace = QLabel(textFormat=Qt.TextFormat.PlainText, visible=False)
        set_look(self.pace, "small")
        layout.addWidget(self.progress)
        layout.addWidget(self.pace)

    def _head(self) -> QHBoxLayout:
        title = QLabel(self.entry.title, textFormat=Qt.TextFormat.PlainText)
        set_look(title, "strong")
        note = QCoreApplication.translate("ModelCard", self.entry.note) if self.entry.note else ""
        facts = [formats.size(self.entry.bytes), self.entry.licence, note]
        about = QLabel(" · ".join(filter(None, facts)), wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        set_look(about, "small")
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(title)
        words.addWidget(about)
        self.forecast = ForecastLine()
        words.addWidget(self.forecast)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addLayout(words, 1)
        head.addLayout(self._buttons())
        return head

    def _buttons(self) -> QHBoxLayout:
        self.button = push_button("", "primary" if self._primary else "")
        self.button.clicked.connect(self._press)
        self.cancel_button = push_button(self.tr("Cancel"), "quiet")
        self.cancel_button.setToolTip(self.tr("What has arrived is deleted"))
        self.cancel_button.setAccessibleName(f"{self.tr('Cancel')}: {self.entry.title}")
        self.cancel_button.clicked.connect(self._cancel)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for button in (self.cancel_button, self.button):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return buttons

    def show_state(self, state: str, *, begun: int = 0) -> None:
        """Show one of "absent", "busy", "blocked" (another model is being fetched), "here", "used".

        `begun` bytes are here of a download that was paused or interrupted.
        """
        self.state = state
        label = {
            "absent": self.tr("Go on") if begun else self.tr("Download"),
            "blocked": self.tr("Go on") if begun else self.tr("Download"),
            "busy": self.tr("Pause"),
            "here": self.tr("Use"),
            "used": self.tr("In use"),
        }[state]
        self.button.setText(label)
        self.button.setAccessibleName(f"{label}: {self.entry.title}")
        self.button.setEnabled(state not in ("blocked", "used"))
        set_look(self.button, "primary" if self._primary and state in ("absent", "here") else "")
        unfinished = state == "busy" or bool(begun)
        for widget in (self.progress, self.pace, self.cancel_button):
            widget.setVisible(unfinished)
        self.cancel_button.setEnabled(True)
        self.progress.setValue(_share(begun, self.entry.bytes))
        so_far = " · ".join([self._so_far(begun, self.entry.bytes), self.tr("paused")])
        self.pace.setText(self.tr("Connecting…") if state == "busy" else so_far)

    def show_pace(self, pace: "Pace") -> None:
        """Show how far the download is, or why it is not."""
        self.progress.setValue(_share(pace.done, pace.total))
        parts = [self._so_far(pace.done, pace.total)]
        if pace.step == "waiting":
            parts.append(self.tr("interrupted, trying again in {time}").format(time=formats.seconds(pace.wait)))
        elif pace.step == "checking":
            parts.append(self.tr("checking what is here"))
        else:
            parts += self._speed(pace)
        self.pace.setText(" · ".join(parts))

    def _so_far(self, done: int, total: int) -> str:
        return self.tr("{done} of {total}").format(done=formats.size(done), total=formats.size(total))

    def _speed(self, pace: "Pace") -> list[str]:
        parts = []
        if pace.rate:
            parts.append(self.tr("{size}/s").format(size=formats.size(round(pace.rate))))
        if pace.left is not None:
            parts.append(self.tr("{time} left").format(time=formats.seconds(pace.left)))
        return parts

    def _press(self) -> None:
        match self.state:
            case "absent":
                self.fetched.emit(self.entry.name)
            case "here":
                self.used.emit(self.entry.name)
            case "busy":
                self._wait()
                self.paused.emit(self.entry.name)

    def _cancel(self) -> None:
        self._wait()
        self.cancelled.emit(self.entry.name)

    def _wait(self) -> None:
        """Let nothing be pressed twice, until the next state is shown."""
        self.button.setEnabled(False)
        self.cancel_button.setEnabled(False)


def _share(done: int, total: int) -> int:
    return round(STEPS * done / max(total, 1))
