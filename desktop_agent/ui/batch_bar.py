"""One answer for several calls of one message, below their cards."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from desktop_agent.approvals import Decision
from desktop_agent.ui import formats
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.tool_card import ToolCard

FEWEST = 2


class BatchBar(QFrame):
    """In sight while several cards wait. What is risky is left out of "Allow all": it is answered on its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "asking")
        self._cards: list[ToolCard] = []
        self.label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.allow = push_button("")
        self.allow.setObjectName("allow-all")
        self.allow.clicked.connect(lambda: self._decide("once"))
        self.deny = push_button(self.tr("Deny all"))
        self.deny.setObjectName("deny-all")
        self.deny.clicked.connect(lambda: self._decide("deny"))
        for button in (self.allow, self.deny):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        buttons = Flow(spacing=8)
        buttons.addWidget(self.allow)
        buttons.addWidget(self.deny)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(self.label)
        layout.addLayout(buttons)
        self.hide()

    def add(self, card: ToolCard) -> None:
        """Count one more."""
        self._cards.append(card)
        card.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        waiting, harmless = self._waiting(), self._waiting("once")
        words = self.tr("%Ln calls wait for you.", "", len(waiting))
        if len(harmless) < len(waiting):
            words += "\n" + self.tr('What is unusual is not part of "Allow all".')
        self.label.setText(words)
        self.allow.setText(self.tr("Allow all ({count})").format(count=formats.number(len(harmless))))
        self.allow.setVisible(len(harmless) >= FEWEST)
        self.setVisible(len(waiting) >= FEWEST)

    def _waiting(self, decision: Decision = "deny") -> list[ToolCard]:
        """Return the cards that such a decision would answer."""
        waiting = [card for card in self._cards if card.approval]
        return [card for card in waiting if decision == "deny" or not card.approval.request.risk]

    def _decide(self, decision: Decision) -> None:
        for card in self._waiting(decision):
            card.approval.decide(decision)
