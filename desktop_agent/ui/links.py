"""Following a link, only after its full address was shown."""

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop_agent.visible import visible

SCHEMES = ("http", "https")


def ask(url: QUrl, parent: QWidget) -> None:
    """Show where a link leads and open it in the browser if the user wants that; other schemes are only shown."""
    address = visible(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
    box = QMessageBox(parent)
    box.setObjectName("link")
    box.setWindowTitle(_tr("Open link"))
    box.setTextFormat(box.textFormat().PlainText)
    if url.scheme() not in SCHEMES:
        box.setText(_tr("This link is not a web address, so it is not opened."))
        box.setInformativeText(address)
        box.setStandardButtons(QMessageBox.StandardButton.Close)
        box.open()
        return
    box.setText(_tr("Open this address in your browser?"))
    box.setInformativeText(address)
    opening = box.addButton(_tr("Open"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    opening.clicked.connect(lambda: QDesktopServices.openUrl(url))
    box.open()


def _tr(text: str) -> str:
    return QCoreApplication.translate("links", text)
