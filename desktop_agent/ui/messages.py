"""Small dialogs that say one thing."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop_agent import __version__
from desktop_agent.errors import UserFacingError
from desktop_agent.ui import icons
from desktop_agent.ui.sentences import told

translate = QCoreApplication.translate


def show_error(parent: QWidget, error: Exception, *, closes: bool = False) -> None:
    """Say what went wrong and what to do; with `closes`, the window goes with the dialog."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Desktop Agent")
    box.setTextFormat(Qt.TextFormat.PlainText)
    if isinstance(error, UserFacingError):
        box.setText(f"{told(error.message)}\n\n{told(error.hint)}".strip())
    else:
        what = translate("messages", "Something went wrong inside the program.")
        box.setText(f"{what}\n\n{type(error).__name__}: {error}")
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    if closes:
        box.finished.connect(parent.close)
    box.open()


def show_about(parent: QWidget) -> None:
    """Say what this program is."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(translate("messages", "About Desktop Agent"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIconPixmap(icons.pixmap("app", 64))
    box.setText(f"Desktop Agent {__version__}")
    box.setInformativeText(
        translate(
            "messages",
            "A private assistant on your own computer: what you write stays here. Licence: Apache-2.0.",
        )
    )
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    box.open()
