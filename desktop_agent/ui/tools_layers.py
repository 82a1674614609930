"""What keeps tools from doing harm on this computer, and what is missing."""

import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop_agent.ui.background import Background, Lane
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.fields import say
from desktop_agent.ui.sentences import told
from desktop_agent.ui.tools_card import ToolsCard
from desktop_agent.ui.tools_section import ToolsSection

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.sandbox.layers import Layer

translate = QCoreApplication.translate
ICONS = {"on": "shield", "off": "warning", "unavailable": "info", "unknown": "question"}
COLOURS = {"on": "accent", "off": "danger"}


class LayerCard(ToolsCard):
    """One layer: what it does, whether it is there, and what is the matter when it is not."""

    def __init__(self, layer: "Layer", parent: QWidget | None = None) -> None:
        super().__init__(ICONS.get(layer.state, "info"), parent, COLOURS.get(layer.state, "muted"))
        self.state = self.mark()
        self.name = self.mark()
        self.detail = self.line("")
        self.fill(layer)

    def fill(self, layer: "Layer") -> None:
        """Show how it is now."""
        words = {
            "on": translate("LayersSection", "On"),
            "off": translate("LayersSection", "Off: what needs it is switched off"),
            "unavailable": translate("LayersSection", "This computer has none"),
            "unknown": translate("LayersSection", "Not tested yet"),
        }
        self.title.setText(about_layer(layer.name))
        look = {"on": "tag-accent", "off": "danger"}.get(layer.state, "tag")
        say(self.state, words.get(layer.state, layer.state), look)
        say(self.name, layer.name, "small")
        say(self.detail, told(layer.detail), "danger" if layer.state == "off" else "small")


class LayersSection(ToolsSection):
    """The layers as the last self-test found them, and a button for another one."""

    lane: Lane = "pool"

    def __init__(self, app: "App", background: Background) -> None:
        super().__init__(app, background, "shield", translate("LayersSection", "Protection"))
        self._cancel = threading.Event()
        words = self.tr("Each tool needs some of these layers. Where one is missing, the tools that need it stay off.")
        about = QLabel(words, wordWrap=True)
        set_look(about, "muted")
        self.button = push_button(self.tr("Test again"))
        self.button.clicked.connect(self._check)
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(about, 1)
        across.addWidget(self.button)
        self.top.addLayout(across)

    def cancel(self) -> None:
        """Give up a test that is going on."""
        self._cancel.set()

    def read(self) -> dict[str, Any]:
        layers = self.app.tool_desk.layers()
        return {f"{layer.name} {layer.state}": layer for layer in layers}  # a card's icon goes with the state

    def make(self, item: "Layer") -> LayerCard:
        return LayerCard(item)

    def nothing(self) -> tuple[str, str]:
        return self.tr("Not tested yet"), self.tr("The test runs when the program starts; it takes a moment.")

    def _check(self) -> None:
        self._cancel = cancel = threading.Event()
        self.button.setEnabled(False)
        self.button.setText(self.tr("Testing…"))
        self.do(lambda: self.app.tool_desk.check(cancel), lambda _: self._checked(), self._failed)

    def _checked(self) -> None:
        self.button.setEnabled(True)
        self.button.setText(self.tr("Test again"))

    def _failed(self, error: Exception) -> None:
        self._checked()
        self.fail(error)


def about_layer(name: str) -> str:
    """Return what a layer does, in words."""
    return {
        "directory-descriptors": translate("LayersSection", "Files are opened below shared folders only"),
        "wasm": translate("LayersSection", "Python runs inside WebAssembly"),
        "seccomp": translate("LayersSection", "The system calls of workers are filtered"),
        "rlimits": translate("LayersSection", "Memory, time and files of workers are limited"),
        "landlock": translate("LayersSection", "The kernel closes the file system to workers"),
        "bubblewrap": translate("LayersSection", "MCP servers see only what was shared with them"),
    }.get(name, name)
