"""Every word of the window can be read in Chinese, and the compiled files are those of the sources."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import desktop_agent.ui
from desktop_agent.models.catalogue import Catalogue
from desktop_agent.paths import resources
from desktop_agent.ui import formats, translation
from desktop_agent.ui.model_card import NOTES

from .conftest import Windows

FOLDER = resources() / "translations"
TOOLS = Path(sys.executable).parent
Words = dict[tuple[str, str], list[str]]


def words(file: Path) -> Words:
    """Return the translations of each context and source text."""
    root = ElementTree.parse(file).getroot()  # noqa: S314 -- our own file
    return {
        (context.findtext("name"), message.findtext("source")): [
            form.text or "" for form in message.iter("numerusform")
        ]
        or [message.findtext("translation") or ""]
        for context in root.iter("context")
        for message in context.iter("message")
    }


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    translation.install(qapp, "zh_CN")
    yield
    translation.install(qapp, "en")


def test_nothing_is_left_untranslated(tmp_path: Path) -> None:
    sources = sorted(Path(desktop_agent.ui.__file__).parent.glob("*.py"))
    found = tmp_path / "found.ts"
    subprocess.run([TOOLS / "pyside6-lupdate", *sources, "-ts", found], check=True, capture_output=True)
    translated = words(FOLDER / "desktop_agent_zh_CN.ts")
    assert translated.keys() == words(found).keys()
    assert all(all(forms) for forms in translated.values())


def test_what_the_catalogue_says_of_chat_models_can_be_read_in_every_language() -> None:
    said = {entry.note for entry in Catalogue.load().entries if entry.role == "chat"}
    assert {*NOTES} == said | {"imported"}


def test_placeholders_are_kept() -> None:
    for (_, source), forms in words(FOLDER / "desktop_agent_zh_CN.ts").items():
        for form in forms:
            assert sorted(re.findall(r"\{\w+\}|%n", form)) == sorted(re.findall(r"\{\w+\}|%n", source))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_compiled_file_is_up_to_date(language: str, tmp_path: Path) -> None:
    source, compiled = FOLDER / f"desktop_agent_{language}.ts", tmp_path / "compiled.qm"
    subprocess.run([TOOLS / "pyside6-lrelease", source, "-qm", compiled], check=True, capture_output=True)
    assert compiled.read_bytes() == source.with_suffix(".qm").read_bytes()


@pytest.mark.usefixtures("chinese")
def test_the_window_speaks_chinese(windows: Windows, qtbot: QtBot) -> None:
    window = windows("你好！", state="就绪")
    assert window.sidebar.new_button.text() == "新对话"
    assert window.panel.composer.edit.placeholderText() == "想问什么都可以"
    window.panel.composer.show_folders(2)
    assert window.panel.composer.folders.text() == "2 个文件夹"
    assert formats.day("2026-11-03T12:00:00+00:00") == "2026年11月3日"
    window.chat.send("你好")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert window.panel.title.full_text == "你好"


@pytest.mark.parametrize(
    ("choice", "language"), [("en", "en"), ("zh_CN", "zh_CN"), ("zh_TW", "en"), ("de_DE", "en"), ("zh_SG", "zh_CN")]
)
def test_the_language_follows_the_choice(qapp: QCoreApplication, choice: str, language: str) -> None:
    assert translation.install(qapp, choice) == language
    assert QLocale().language() == QLocale(language).language()
    translation.install(qapp, "en")


def test_dates_and_numbers_in_english() -> None:
    assert formats.day("2026-11-03T12:00:00+00:00") == "3 Nov 2026"
    assert formats.number(4096) == "4,096"
    assert formats.rate(12.34) == "12.3 tokens/s"
    assert [formats.seconds(value) for value in (0.84, 45.2, 200)] == ["0.8 s", "45 s", "3 min"]
    assert [formats.size(value) for value in (1_117_320_768, 491_400_064)] == ["1.1 GB", "491 MB"]
