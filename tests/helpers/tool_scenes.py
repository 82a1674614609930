"""Pictures of tools in the chat: what is asked before a change, several calls at once, questions, figures."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from desktop_agent.approvals import ApprovalRequest, Preview, Question
from desktop_agent.messages import ToolCall, ToolResult
from desktop_agent.ui import translation
from desktop_agent.ui.theme import Theme
from desktop_agent.ui.turn_view import TurnView

if TYPE_CHECKING:
    from tests.helpers.screenshots import Album, Studio

DIFF = """@@ -1,5 +1,6 @@
 # Packing list
-Rain jacket
+Rain jacket (the red one)
+Wool socks, three pairs, because the cabin has no heating and the nights in November are cold up there
 Tent
 Stove
@@ -21,3 +22,3 @@
 Coffee
-Map of Rondane
+Map of Rondane, 1:50 000
"""
CODE = "import statistics\n\nrows = [line.split(',') for line in files['sales.csv'].splitlines()[1:]]\n" + "\n".join(
    f"print('month {month}', statistics.mean(float(row[{month}]) for row in rows))" for month in range(1, 19)
)
TABLE = {
    "kind": "table",
    "title": "Sales by month",
    "columns": ["Month", "Orders", "Revenue (EUR)", "Remarks"],
    "rows": [[f"2026-{month:02d}", 40 + month * 7, 1234.5 * month, "returns included"] for month in range(1, 13)],
}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"]


def chart(kind: str, *, y_label: str = "EUR") -> dict[str, Any]:
    """Return a chart of two rows of values."""
    names: list[Any] = MONTHS if kind in ("bar", "pie") else list(range(2019, 2027))
    series = [
        {"name": "Electricity", "x": names, "y": [310, 280, 265, 210, 180, 160, 155, 170]},
        {"name": "Heating", "x": names, "y": [640, 590, 480, 260, 90, 30, 25, 40]},
    ]
    kept = series[:1] if kind in ("pie", "histogram") else series
    return {"kind": "chart", "type": kind, "title": "What the house costs", "y_label": y_label, "series": kept}


def take(
    album: "Album", application: QApplication, theme: Theme, studio: Callable[..., "AbstractContextManager[Studio]"]
) -> None:
    """Take them all."""
    for language, look in (("en", "light"), ("zh_CN", "dark")):
        translation.install(application, language)
        theme.choose(look)
        with studio() as at:
            at.start()
            for name, scene in SCENES.items():
                _picture(album, at, f"{name}-{look}", scene)
    theme.choose("light")
    translation.install(application, "en")


def _picture(album: "Album", at: "Studio", name: str, scene: Callable[[TurnView], None]) -> None:
    """Take a picture of a turn in a wide window and in one of 420 pixels."""
    from tests.helpers.screenshots import settle

    for suffix, width in (("", 1180), ("-narrow", 420)):
        at.window.chat.new()
        at.window.panel.show_transcript()
        at.window.resize(width, 900)
        settle(0.3)
        scene(at.window.panel.transcript.begin("Please look after my lists and files."))
        at.window.panel.transcript.jump_to_end()
        album.take(at.window, f"{name}{suffix}")


def _ask(view: TurnView, tool: str, arguments: dict[str, Any], effect: Any = "write", **request: Any) -> None:
    call = ToolCall(f"c{len(view.answer.cards)}", tool, arguments)
    view.answer.request(call, ApprovalRequest(call, "digest", effect, **request))


def _edit(view: TurnView) -> None:
    view.answer.feed("I will add that to the list.")
    preview = Preview("edit", "Norway/packing-list.md", text=DIFF, added=3, removed=2)
    _ask(view, "edit_file", {"path": "packing-list.md", "old": "Rain jacket", "new": "Rain jacket (the red one)"},
         scopes=("chat", "folder"), preview=preview, folder="/home/me/Norway")  # fmt: skip


def _risky(view: TurnView) -> None:
    text = "".join(f"+{line}\n" for line in CODE.splitlines())
    risk = "The file was not read in this chat, and what is in it now would be lost."
    preview = Preview("create", "Norway/.bashrc\\u202e", text=text, added=21)
    _ask(view, "write_file", {"path": ".bashrc\u202e", "content": CODE}, preview=preview, tainted=True, risk=risk)


def _code(view: TurnView) -> None:
    _ask(view, "run_python", {"code": CODE, "files": ["sales.csv"]}, "compute", scopes=("chat",))


def _server(view: TurnView) -> None:
    arguments = {"query": "SELECT 1" + "\n" * 200 + "DROP TABLE people", "url": "https://example.org/?q=" + "x" * 700}
    _ask(view, "sqlite_query", arguments, "act", scopes=("chat",))


def _batch(view: TurnView) -> None:
    scopes = ("chat", "folder", "always")
    _ask(view, "read_file", {"path": "sales.csv"}, "read", scopes=scopes, folder="/home/me/Norway")
    _ask(view, "move_file", {"path": "a"}, preview=Preview("move", "Norway/old list.md", "Norway/archive/list-2025.md"))
    _ask(view, "delete_file", {"path": "b"}, preview=Preview("delete", "Norway/draft.md"), risk="It is the only copy.")


def _question(view: TurnView) -> None:
    call = ToolCall("q", "ask_user", {"question": "Which list?"})
    view.answer.request(call)
    choices = ("The packing list for Norway", "The shopping list", "Both")
    view.answer.pose(Question("There are two lists with that name. Which one shall I change?", choices))


def _done(view: TurnView) -> None:
    call = ToolCall("w", "edit_file", {"path": "Norway/packing-list.md"})
    view.answer.request(call)
    view.answer.finish_call(ToolResult("w", call.name, "Norway/packing-list.md is changed.", undo_id="u"))
    again = ToolCall("v", "write_file", {"path": "Norway/budget.md"})
    view.answer.request(again)
    view.answer.finish_call(ToolResult("v", again.name, "Written.", undo_id="v"))
    view.answer.cards["v"].show_undone()
    view.answer.feed("The packing list is up to date.")
    view.answer.end("complete")


def _figure(figure: dict[str, Any]) -> Callable[[TurnView], None]:
    def show(view: TurnView) -> None:
        call = ToolCall("p", "run_python", {"code": "show_chart(...)"})
        view.answer.request(call)
        view.answer.finish_call(ToolResult("p", call.name, "Shown to the user.", figure=figure))
        view.answer.feed("Heating is what costs most in winter.")
        view.answer.end("complete")

    return show


SCENES: dict[str, Callable[[TurnView], None]] = {
    "ask-edit": _edit,
    "ask-risky": _risky,
    "ask-code": _code,
    "ask-server": _server,
    "ask-batch": _batch,
    "ask-user": _question,
    "change-done": _done,
    "figure-table": _figure(TABLE),
    **{f"figure-{kind}": _figure(chart(kind)) for kind in ("line", "bar", "scatter", "pie", "histogram")},
}
