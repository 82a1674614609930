"""A part of the Tools page: what is read in the background, a card for each of it, and what can be done."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_agent.ui.background import Background, Lane
from desktop_agent.ui.memory_latest import Latest
from desktop_agent.ui.memory_shelf import Shelf, beside
from desktop_agent.ui.sentences import told

if TYPE_CHECKING:
    from desktop_agent.app import App


class ToolsSection(QWidget):
    """Subclasses say what is read and how it looks. `top` stands above the cards.

    `said` carries a sentence for the snackbar with its button and what that does; `opened` a conversation to show.
    """

    said = Signal(str, str, object)
    opened = Signal(str)
    lane: Lane = "store"

    def __init__(self, app: "App", background: Background, icon: str, name: str) -> None:
        super().__init__()
        self.app, self.background = app, background
        self._latest = Latest(background)
        self.shelf = Shelf(self.make, icon, name)
        self.shelf.say(self.tr("Reading…"))
        self.setAccessibleName(name)
        head = QWidget()
        self.top = QVBoxLayout(head)
        self.top.setContentsMargins(0, 0, 0, 8)
        self.top.setSpacing(8)
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(0, 0, 0, 0)
        self.layout_.setSpacing(0)
        self.layout_.addWidget(beside(head, self.shelf))
        self.layout_.addWidget(self.shelf, 1)

    def read(self) -> dict[str, Any]:
        """Return the items by key; called on a worker."""
        raise NotImplementedError

    def make(self, item: Any) -> QWidget:
        """Return the card of an item, which has a method `fill` for a changed one."""
        raise NotImplementedError

    def nothing(self) -> tuple[str, str]:
        """Return a title and a sentence for when there is no item."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Read the items again."""
        self._latest.run(self.read, self.show_items, self.fail, self.lane)

    def show_items(self, items: dict[str, Any]) -> None:
        """Show what was read."""
        if items:
            self.shelf.show_items(items)
        else:
            self.shelf.say(*self.nothing())

    def do(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        lane: Lane | None = None,
    ) -> None:
        """Change something, then show how it is now."""

        def then(result: Any) -> None:
            if done:
                done(result)
            self.refresh()

        self.background.run(work, then, failed or self.fail, lane or self.lane)

    def fail(self, error: Exception) -> None:
        """Say what went wrong, above the cards."""
        for card in self.shelf.cards.values():
            card.setEnabled(True)
        self.shelf.show_failure(told(error), self.tr("Read again"), self.refresh)
