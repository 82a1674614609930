"""Takes pictures of the real window, driven by a scripted model: python -m tests.helpers.screenshots FOLDER [SUFFIX].

Run it under Xvfb, with QT_SCALE_FACTOR or QT_FONT_DPI for other sizes.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from desktop_agent.events import RecalledMemory, TurnStats
from desktop_agent.llm.protocol import Completion
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.messages import Message
from desktop_agent.models.pace import Pace
from desktop_agent.paths import Paths
from desktop_agent.ui import icons, translation
from desktop_agent.ui.folders_dialog import FoldersDialog
from desktop_agent.ui.passphrase_dialog import PassphraseDialog
from desktop_agent.ui.theme import Theme
from desktop_agent.ui.window import MainWindow
from tests.helpers import (
    chat_memory_scenes,
    download_scenes,
    engine_scenes,
    memory_scenes,
    thinking_scenes,
    tool_scenes,
    tools_page_scenes,
)
from tests.helpers.scripted_app import ScriptedApp

HEAT_PUMP = """A heat pump moves warmth instead of making it, like a **refrigerator turned around**.

1. Outside, a cold liquid takes up heat from the air and evaporates.
2. A *compressor* squeezes the gas, which makes it hot.
3. Inside, the gas gives its heat to your radiators and becomes liquid again.

| Heating | Electricity for 10 kWh of warmth |
|---|---|
| Heat pump | about 3 kWh |
| Electric heater | 10 kWh |

> For every kilowatt hour of electricity you get three to four of warmth.
"""
CODE = """Here is a small function that does it, with `datetime` from the standard library:

```python
from datetime import date, timedelta


def next_friday(today: date) -> date:
    \"\"\"Return the first Friday after today.\"\"\"
    days = (4 - today.weekday()) % 7 or 7  # Monday is 0
    return today + timedelta(days=days)


print(f"See you on {next_friday(date.today()):%d %B}!")
```

`(4 - today.weekday()) % 7` is the distance to Friday; `or 7` skips to the next week when today **is** Friday. \
You can read more in the [documentation](https://docs.python.org/3/library/datetime.html).
"""
CALL = '<tool_call>\n{"name": "read_file", "arguments": {"path": "invoices/invoice.txt"}}\n</tool_call>'
INVOICE = "The total in **invoice.txt** is **4,711.50 EUR**, due on 3 December."
CHINESE = """热泵不是“制造”热量，而是**搬运**热量，就像一台反过来工作的冰箱。

1. 室外：低温的液体吸收空气中的热量并蒸发。
2. 压缩机把气体压缩，使它变热。
3. 室内：气体放出热量，重新变成液体。

每消耗 1 度电，大约可以得到 3 到 4 度电的热量，所以比普通电暖器省得多。
"""
TITLES = (
    ("Planning the garden in spring", 1),
    ("Letter to the landlord about the broken heating in the kitchen", 1),
    ("Sourdough, step by step", 3),
    ("What is my cat called?", 4),
    ("Packing list for Norway", 20),
)
REMEMBER = "User: Remember: my cat is called Schrödinger.\nAssistant: I will remember that."
CAT = RecalledMemory("none", "My cat", "none", "2026-11-03T10:00:00+00:00", REMEMBER, 0.93)


NAME = "Qwen2.5-Coder 1.5B Instruct"


def measured(text: str) -> Completion:
    """Return an answer with the figures of an ordinary laptop."""
    words = len(text.split())
    writing = words / 14.2
    stats = TurnStats(NAME, 412 + words, 412, 0, words, 1.9, 1.8, writing, 4096, cpu_seconds=3.9 * (1.8 + writing))
    return Completion(Message("assistant", text), "end", stats)


class Studio:
    """One home, one window, one script."""

    def __init__(self, home: Path, script: ScriptedModel, recalled: tuple[RecalledMemory, ...] = ()) -> None:
        self.app = ScriptedApp(Paths(home, home / "models"), script, recalled)
        self.window = MainWindow(self.app)
        self.window.resize(1180, 800)
        self.window.show()
        self.window.activateWindow()

    def start(self) -> None:
        """Open everything and wait for it."""
        self.window.start()
        until(lambda: self.app.model is not None and self.window.panel.status.state.text() != "")
        for title, days in TITLES:
            made = self.app.conversations.create(title)
            day = (datetime.now(UTC) - timedelta(days=days)).isoformat()
            self.app.desk.store.database.execute("UPDATE conversations SET updated_at = ? WHERE id = ?", day, made.id)
        self.window.chats.refresh()
        settle()

    def ask(self, text: str, *, wait: bool = True) -> None:
        """Send a message as the user would."""
        self.window.panel.composer.write(text)
        self.window.panel.composer.button.click()
        if wait:
            until(lambda: self.window.chat.turns.live is None)
        settle()

    def share(self) -> Path:
        """Grant a folder with an invoice."""
        folder = self.app.paths.home.parent / "Documents"
        (folder / "invoices").mkdir(parents=True)
        (folder / "invoices" / "invoice.txt").write_text(
            "Invoice 2026-118\n\nTotal: 4711.50 EUR\nDue: 3 December 2026\n"
        )
        self.app.folders.grant(folder)
        return folder


def settle(seconds: float = 0.25) -> None:
    """Let the window do what it has to."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        settle(0.02)
    settle(0.1)


@contextmanager
def studio(
    *answers: str | Completion,
    recalled: tuple[RecalledMemory, ...] = (),
    delay: float = 0.0,
    notices: bool = False,
) -> Iterator[Studio]:
    """Open a window in a home of its own."""
    with tempfile.TemporaryDirectory() as folder:
        model = ScriptedModel(answers, NAME, delay=delay)
        made = Studio(Path(folder) / "home", model, recalled)
        made.window.notices.setVisible(notices)
        try:
            yield made
        finally:
            made.window.close_at_once()
            made.window.shut_down()
            made.window.deleteLater()
            settle(0.05)


class Album:
    """Where the pictures go."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self._folder, self._suffix = folder, suffix
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, widget: QWidget, name: str) -> None:
        """Save a picture of a window."""
        settle()
        widget.grab().save(str(self._folder / f"{name}{self._suffix}.png"))


def first_run(album: Album) -> None:
    """Without a model, and while it is fetched."""
    with studio() as at:
        at.window.startup.opened.disconnect()
        at.window.show_models(first_run=True)
        settle()
        album.take(at.window, "first-run")
        at.window.models.cards["starter"].show_state("busy")
        at.window.models.cards["starter"].show_pace(Pace(412_000_000, 1_250_000_000, 8_300_000, 101))
        at.window.models._others.show()
        album.take(at.window, "first-run-downloading")
        at.window.models.open(first_run=False)
        album.take(at.window, "models")


def answers(album: Album, theme: Theme) -> None:
    """Empty, code, prose and table; light and dark; narrow."""
    with studio(measured(CODE), measured(HEAT_PUMP)) as at:
        at.start()
        album.take(at.window, "empty")
        at.ask("How do I find the date of the next Friday in Python?")
        album.take(at.window, "code")
        at.ask("And how does a heat pump work?")
        album.take(at.window, "prose")
        theme.choose("dark")
        album.take(at.window, "dark-prose")
        at.window.panel.transcript.verticalScrollBar().setValue(0)
        album.take(at.window, "dark-code")
        at.window.chat.new()
        album.take(at.window, "dark-empty")
        theme.choose("light")
        at.window.resize(560, 780)
        at.window.sidebar.list.setCurrentRow(1)
        album.take(at.window, "narrow")


def tools(album: Album, theme: Theme) -> None:
    """A card that waits, and what came of it."""
    with studio("Let me look.\n" + CALL, measured(INVOICE)) as at:
        at.start()
        at.share()
        at.ask("What is the total in invoice.txt?", wait=False)
        until(lambda: at.window.panel.status.state.text() == "Waiting for you")
        album.take(at.window, "tool-waiting")
        theme.choose("dark")
        album.take(at.window, "dark-tool-waiting")
        theme.choose("light")
        card = next(iter(at.window.panel.transcript.views[-1].answer.cards.values()))
        settle(0.6)
        card.approval.buttons["once"].click()
        until(lambda: at.window.chat.turns.live is None)
        card._toggle.click()
        album.take(at.window, "tool-done")
        folders = FoldersDialog(at.app, at.window.background, at.window)
        folders.show()
        settle()
        folders.grant("/etc")
        album.take(folders, "folders")
        folders.close()
        passphrase = PassphraseDialog(twice=True, parent=at.window)
        passphrase.show()
        passphrase.show_problem("The two are not the same.")
        album.take(passphrase, "passphrase")
        passphrase.close()


def recalled(album: Album) -> None:
    """What was recalled, unfolded; a chat deleted; a notice."""
    with studio(measured("Your cat is called **Schrödinger**."), recalled=(CAT,), notices=True) as at:
        at.start()
        at.ask("What is my cat called?")
        view = at.window.panel.transcript.views[0].answer
        view.findChild(QWidget, "recalled").chips[0].click()
        at.window.chats.delete(at.window.sidebar.list.item(3).data(256))
        settle()
        album.take(at.window, "recalled")


def failed(album: Album) -> None:
    """Too long a question, and one that was stopped."""
    with studio(*[measured(HEAT_PUMP)] * 3, delay=0.03) as at:
        at.start()
        at.ask("Summarise this:\n" + "All work and no play makes Jack a dull boy. " * 600)
        album.take(at.window, "failed")
        at.window.chat.new()
        at.ask("How does a heat pump work?", wait=False)
        settle(0.8)
        album.take(at.window, "streaming")
        at.window.chat.stop()
        until(lambda: at.window.chat.turns.live is None)
        album.take(at.window, "stopped")


def chinese(album: Album, application: QApplication) -> None:
    """A Chinese conversation in the Chinese window."""
    translation.install(application, "zh_CN")
    with studio(measured(CHINESE)) as at:
        at.start()
        at.ask("热泵是怎么工作的？请用简单的话解释。")
        album.take(at.window, "chinese")


def main() -> None:
    """Take all pictures."""
    folder, suffix = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    application = QApplication(["desktop-agent"])
    translation.install(application, "en")
    theme = Theme(application, "light")
    application.setWindowIcon(icons.app_icon())
    album = Album(folder, suffix)
    first_run(album)
    answers(album, theme)
    tools(album, theme)
    recalled(album)
    failed(album)
    chinese(album, application)
    chat_memory_scenes.take(album, application, theme, studio)
    memory_scenes.take(album, application, theme, studio)
    engine_scenes.take(album, application, theme, studio)
    thinking_scenes.take(album, application, theme, studio)
    download_scenes.take(album, application, theme, studio)
    tool_scenes.take(album, application, theme, studio)
    tools_page_scenes.take(album, application, theme, studio)


if __name__ == "__main__":
    main()
