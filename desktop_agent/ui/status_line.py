"""The line below the composer: which model, what it is doing, how fast, how full the context is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QWidget

from desktop_agent.events import ContextChanged, TurnStats
from desktop_agent.ui import formats
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.elided_label import ElidedLabel

NEARLY_FULL = 0.8
METER_WIDTH = 72
ROOMY_EMS = 36


class StatusLine(QFrame):
    """`action_pressed` is emitted by the button that a state may offer."""

    action_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "status")
        self.model = ElidedLabel()
        self.model.hide()
        set_look(self.model, "section")
        self.state = self._label()
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
        self.state.setText(text)
        self.action.setText(action)
        self.action.setVisible(bool(action))

    def show_speed(self, stats: TurnStats | None) -> None:
        """Show the last answer's speed; nothing without one."""
        if stats is None or not stats.write_rate:
            self.speed.clear()
            return
        text = self.tr("{writing} writing").format(writing=formats.rate(stats.write_rate))
        if stats.read_rate:
            text += " · " + self.tr("{reading} reading").format(reading=formats.rate(stats.read_rate))
        self.speed.setText(text)

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
