"""What is said behind the window reaches the user in the window's language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

import desktop_agent
from desktop_agent.errors import UserFacingError
from desktop_agent.ui import translation
from desktop_agent.ui.engine_sentences import CLAUSES
from desktop_agent.ui.messages import show_error
from desktop_agent.ui.sentences import SENTENCES, told
from desktop_agent.ui.speakers import spoken

ROOMS = Path(desktop_agent.__file__).parent
BLANKS = re.compile(r"(?:{\w*})+")


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    """Chinese, for as long as a test runs."""
    translation.install(qapp, "zh_CN")
    yield
    translation.install(qapp, "en")


def blanked(node: ast.AST) -> str:
    """Return a text or an f-string of a source file, with {} for each blank."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def test_each_listed_sentence_is_said_somewhere() -> None:
    files = [file for file in ROOMS.rglob("*.py") if ROOMS / "ui" not in file.parents]
    texts = [blanked(node) for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))]
    said = BLANKS.sub("{}", "\n".join(texts))
    unsaid = [each for each in (*SENTENCES, *CLAUSES) if BLANKS.sub("{}", each) not in said]
    assert unsaid == []


@pytest.mark.usefixtures("chinese")
def test_an_error_and_its_hint_are_translated_with_what_stands_in_their_blanks() -> None:
    error = UserFacingError(
        "The archive /home/x. y/a.age cannot be read: No such file or directory.", "Nothing was changed."
    )
    assert told(error) == "无法读取存档 /home/x. y/a.age：No such file or directory。没有更改任何内容。"


@pytest.mark.usefixtures("chinese")
def test_a_notice_is_translated_sentence_by_sentence() -> None:
    notice = "Memory finds what was said by its words only: The memory server at https://m:8 refuses the token."
    assert told(notice) == "记忆目前只按词语查找说过的内容：记忆服务器 https://m:8 不接受此令牌。"


def test_a_long_sentence_is_not_cut_off_in_its_box(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    show_error(window, UserFacingError("Desktop Agent is already running.", "Close the other window or terminal. " * 3))
    box = window.findChild(QMessageBox)
    label = box.findChild(QLabel, "qt_msgbox_label")
    qtbot.waitUntil(box.isVisible)
    needed = label.heightForWidth(label.width()) if label.wordWrap() else 0
    assert label.height() >= needed
    assert label.wordWrap() or label.width() >= label.sizeHint().width()
    box.close()


@pytest.mark.usefixtures("chinese")
def test_what_nobody_translated_is_shown_as_it_is() -> None:
    assert told("Nothing was changed. The moon is in the way.") == "没有更改任何内容。The moon is in the way."


def test_in_english_nothing_changes() -> None:
    text = "The disk is full, so the last change was not saved. Free some space and try again."
    assert told(text) == text


@pytest.mark.usefixtures("chinese")
def test_speakers_of_a_snippet_are_named_as_in_the_window() -> None:
    assert (
        spoken("User: 猫叫什么？\nAssistant: 薛定谔。\nCaroline: Hi") == "你：猫叫什么？\n助手：薛定谔。\nCaroline: Hi"
    )


BIG = (
    "qwen2.5-7b does not fit into memory: it needs 5.5 GB (4.7 GB for its weights, 224 MB for 4,096 tokens of context, "
    "605 MB to compute), and 3.1 GB are free. Set a context of at most 2,048 tokens, or choose small (0.6 GB) or tiny "
    "(0.2 GB); or close other programs."
)
BIG_CHINESE = (
    "qwen2.5-7b 放不进内存：需要 5.5 GB（权重 4.7 GB、4,096 个 token 的上下文 224 MB、计算 605 MB），可用 3.1 GB。"
    "将上下文设为最多 2,048 个 token，或选择 small (0.6 GB) 或 tiny (0.2 GB)；或关闭其他程序。"
)
FETCHED = (
    "starter could not be downloaded: the model hub asks to come back later (too many requests); the package index "
    "cannot be reached. Check the internet connection. Then run: desktop-agent models pull starter"
)
FETCHED_CHINESE = (
    "无法下载 starter：模型库要求稍后再来（请求过多）；无法连接软件包索引。请检查网络连接。"
    "然后运行：desktop-agent models pull starter"
)
MEASURED = (
    "Repacking off: 57 instead of 33 tokens/s reading, 7.1 instead of 9.4 tokens/s writing, 4.4 GB instead of 7.6 GB "
    "of memory."
)
MEASURED_CHINESE = (
    "重新排列权重：关。读取 57 token/秒，而不是 33；生成 7.1 token/秒，而不是 9.4；内存 4.4 GB，而不是 7.6 GB。"
)
ODD = "llama3:8b cannot be used: It needs an adapter, which only Ollama can add to it. Choose another model."
ODD_CHINESE = "无法使用 llama3:8b：它需要一个适配器，只有 Ollama 能加上。请选择其他模型。"


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("text", "said"), [(BIG, BIG_CHINESE), (FETCHED, FETCHED_CHINESE), (MEASURED, MEASURED_CHINESE), (ODD, ODD_CHINESE)]
)
def test_what_fills_a_blank_is_translated_too(text: str, said: str) -> None:
    assert told(text) == said


def test_every_sentence_about_models_is_left_as_it_is_in_english() -> None:
    for sentence in (*SENTENCES, *CLAUSES):
        text = re.sub(r"{\w+}", "X", sentence)
        assert told(text) == text
