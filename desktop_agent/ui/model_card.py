"""One model in the list of models: what it is, and what can be done with it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop_agent.ui import formats
from desktop_agent.ui.buttons import push_button, set_look

if TYPE_CHECKING:
    from desktop_agent.models.catalogue import ModelEntry
    from desktop_agent.ui.download import Pace


class ModelCard(QFrame):
    """`fetched`, `used` and `cancelled` say which button was pressed."""

    fetched = Signal(str)
    used = Signal(str)
    cancelled = Signal()

    def __init__(self, entry: "ModelEntry", *, primary: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "card")
        self.entry = entry
        self._primary = primary
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 14, 14)
        layout.setSpacing(10)
        layout.addLayout(self._head())
        self.progress = QProgressBar(textVisible=False, maximum=1000, visible=False)
        self.progress.setAccessibleName(self.tr("Download"))
        self.pace = QLabel(textFormat=Qt.TextFormat.PlainText, visible=False)
        set_look(self.pace, "small")
        layout.addWidget(self.progress)
        layout.addWidget(self.pace)

    def _head(self) -> QHBoxLayout:
        title = QLabel(self.entry.title, textFormat=Qt.TextFormat.PlainText)
        set_look(title, "strong")
        facts = [formats.size(self.entry.bytes), self.entry.licence, self.entry.note]
        about = QLabel(" · ".join(filter(None, facts)), wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        set_look(about, "small")
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(title)
        words.addWidget(about)
        self.button = push_button("", "primary" if self._primary else "")
        self.button.clicked.connect(self._press)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addLayout(words, 1)
        head.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        return head

    def show_state(self, state: str, *, begun: int = 0) -> None:
        """Show one of "absent", "busy", "blocked" (another model is being fetched), "here", "used"."""
        self.state = state
        label = {
            "absent": self.tr("Go on") if begun else self.tr("Download"),
            "blocked": self.tr("Download"),
            "busy": self.tr("Cancel"),
            "here": self.tr("Use"),
            "used": self.tr("In use"),
        }[state]
        self.button.setText(label)
        self.button.setAccessibleName(f"{label}: {self.entry.title}")
        self.button.setEnabled(state not in ("blocked", "used"))
        set_look(self.button, "primary" if self._primary and state in ("absent", "here") else "")
        self.progress.setVisible(state == "busy")
        self.pace.setVisible(state == "busy" or bool(begun))
        have = self.tr("{size} are here already").format(size=formats.size(begun))
        self.pace.setText(self.tr("Connecting…") if state == "busy" else have)
        self.progress.setValue(0)

    def show_pace(self, pace: "Pace") -> None:
        """Show how far the download is."""
        self.progress.setValue(round(1000 * pace.done / max(pace.total, 1)))
        parts = [self.tr("{done} of {total}").format(done=formats.size(pace.done), total=formats.size(pace.total))]
        if pace.rate:
            parts.append(self.tr("{size}/s").format(size=formats.size(round(pace.rate))))
        if pace.left is not None:
            parts.append(self.tr("{time} left").format(time=formats.seconds(pace.left)))
        self.pace.setText(" · ".join(parts))

    def _press(self) -> None:
        match self.state:
            case "absent":
                self.fetched.emit(self.entry.name)
            case "here":
                self.used.emit(self.entry.name)
            case "busy":
                self.cancelled.emit()
