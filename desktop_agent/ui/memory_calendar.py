"""The day until which a memory holds."""

from PySide6.QtCore import QDate, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop_agent.ui import icons, theme
from desktop_agent.ui.buttons import push_button, set_look


class DayPopup(QFrame):
    """A calendar below a button. `chosen` carries a day as ISO 8601, empty for no end."""

    chosen = Signal(str)

    def __init__(self, day: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_look(self, "popup")
        self.calendar = QCalendarWidget()
        self.calendar.setAccessibleName(self.tr("Last day on which it is true"))
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setMinimumDate(QDate.currentDate())
        if day:
            self.calendar.setSelectedDate(QDate.fromString(day, Qt.DateFormat.ISODate))
        self._colour()
        self.none = push_button(self.tr("No end"))
        self.none.setEnabled(bool(day))
        self.none.clicked.connect(lambda: self._choose(""))
        self.button = push_button(self.tr("True until this day"), "primary")
        self.button.clicked.connect(self._take)
        self.calendar.activated.connect(lambda _day: self._take())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addWidget(self.calendar)
        row = QHBoxLayout()
        row.addWidget(self.none)
        row.addStretch()
        row.addWidget(self.button)
        layout.addLayout(row)

    def open_below(self, button: QWidget) -> None:
        """Show the calendar beside a button, within the screen."""
        self.adjustSize()
        screen = button.screen().availableGeometry()
        place = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4))
        if place.y() + self.height() > screen.bottom():
            place.setY(button.mapToGlobal(QPoint(0, 0)).y() - self.height() - 4)
        self.move(max(screen.left(), place.x()), max(screen.top(), place.y()))
        self.show()
        self.calendar.setFocus()

    def _colour(self) -> None:
        plain = QTextCharFormat()
        plain.setForeground(theme.current().colour("text"))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(day, plain)
        for name, icon in (("qt_calendar_prevmonth", "chevron-left"), ("qt_calendar_nextmonth", "chevron-right")):
            if button := self.calendar.findChild(QToolButton, name):
                button.setIcon(icons.icon(icon))
                button.setIconSize(QSize(16, 16))

    def _take(self) -> None:
        self._choose(self.calendar.selectedDate().toString(Qt.DateFormat.ISODate))

    def _choose(self, day: str) -> None:
        self.chosen.emit(day)
        self.close()
