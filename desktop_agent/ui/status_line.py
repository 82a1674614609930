"""The line below the composer: which model, what it is doing, how fast, how full the context is."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QWidget

from desktop_agent.events import ContextChanged, TurnStats
from desktop_agent.ui import figures, formats
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.elided_label import ElidedLabel

NEARLY_FULL = 0.8
METER_WIDTH = 72
ROOMY_EMS = 36
STATE_EMS = 9


class State(ElidedLabel):
    """What is going on. `text` is all of it, also what is cut off."""

    def text(self) -> str:
        return self.full_text

    def minimumSizeHint(self) -> QSize:
        """What goes on matters more than the model's name."""
        return QSize(min(self.sizeHint().width(), STATE_EMS * self.fontMetrics().height()), self.sizeHint().height())


class StatusLine(QFrame):
    """`action_pressed` is emitted by the button that a state may offer."""

    action_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "status")
        self.model = ElidedLabel()
        self.model.hide()
        set_look(self.model, "section")
        self.state = State()
        set_look(self.state, "small")
        self.speed = self._label()
        self.left_out = self._label("warning")
        self.context = self._label()
        self.meter = QProgressBar(textVisible=False, visible=False)
        self.meter.setFixedWidth(METER_WIDTH)
        self.meter.setAccessibleName(self.tr("Context used"))
        set_look(self.meter, "meter")
        self.action = push_button("", "link")
        self.action.hide()
        self.action.clicked.connect(self.action_pressed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 16, 4)
        layout.setSpacing(10)
        for widget in (self.model, self.state, self.action):
            layout.addWidget(widget)
        layout.addStretch(1)
        for widget in (self.left_out, self.speed, self.meter, self.context):
            layout.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What matters least goes first when there is little room."""
        super().resizeEvent(event)
        roomy = event.size().width() > ROOMY_EMS * self.fontMetrics().height()
        self.speed.setVisible(roomy)
        self.left_out.setVisible(roomy or event.size().width() > ROOMY_EMS * self.fontMetrics().height() // 2)

    @staticmethod
    def _label(look: str = "small") -> QLabel:
        label = QLabel(textFormat=Qt.TextFormat.PlainText)
        set_look(label, look)
        return label

    def show_model(self, name: str) -> None:
        """Name the model."""
        self.model.show_text(name)
        self.model.show()

    def show_state(self, text: str, action: str = "") -> None:
        """Say what is going on, and offer something to do about it."""
        self.state.show_text(text)
        self.action.setText(action)
        self.action.setVisible(bool(action))

    def show_speed(self, stats: TurnStats | None) -> None:
        """Show the last answer's speed and what it cost; nothing without one. The rest is in the tooltip."""
        self.speed.setText(figures.speed(stats) if stats and stats.write_rate else "")
        self.speed.setToolTip(figures.details(stats) if stats and stats.write_rate else "")
        self.speed.setAccessibleDescription(self.speed.toolTip())

    def show_context(self, context: ContextChanged | None) -> None:
        """Show how much of the context is used; nothing without a context."""
        self.meter.setVisible(context is not None)
        self.left_out.clear()
        self.context.clear()
        if context is None:
            return
        full = context.used > NEARLY_FULL * context.size
        self.meter.setRange(0, max(context.size, 1))
        self.meter.setValue(min(context.used, context.size))
        self.meter.setProperty("full", full)
        set_look(self.meter, "meter")
        used, size = formats.number(context.used), formats.number(context.size)
        self.context.setText(self.tr("{used} / {size} tokens").format(used=used, size=size))
        set_look(self.context, "warning" if full else "small")
        if context.left_out:
            self.left_out.setText(self.tr("%n earlier message(s) no longer fit", "", context.left_out))
