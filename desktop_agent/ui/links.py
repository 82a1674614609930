"""Following a link, only after its full address was shown."""

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop_agent.visible import visible

translate = QCoreApplication.translate
SCHEMES = ("http", "https")


def ask(url: QUrl, parent: QWidget) -> None:
    """Show where a link leads and open it in the browser if the user wants that; other schemes are only shown."""
    address = visible(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(translate("links", "Open link"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    if url.scheme() not in SCHEMES:
        box.setText(translate("links", "This link is not a web address, so it is not opened."))
        box.setInformativeText(address)
        box.setStandardButtons(QMessageBox.StandardButton.Close)
        box.open()
        return
    box.setText(translate("links", "Open this address in your browser?"))
    box.setInformativeText(address)
    opening = box.addButton(translate("links", "Open"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    opening.clicked.connect(lambda: QDesktopServices.openUrl(url))
    box.open()
