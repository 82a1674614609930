"""Markdown prose as the rich text that Qt draws: no raw HTML, no images."""

from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF

from desktop_agent.ui import theme

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

LINE_EMS = 1.5


def html(text: str) -> str:
    """Return markdown as rich text. HTML in it is shown as text, an image as its description."""
    return f"<html><body>{_parser().render(text)}</body></html>"


def style() -> str:
    """Return the style sheet of the rich text in the theme's colours."""
    now = theme.current()
    points = now.font("body").pointSizeF()
    leading = _leading(now.font("body"))
    families = ", ".join(f"'{family}'" for family in now.font("code").families())
    headings = "".join(
        f"h{level} {{ font-size: {points * scale:.1f}pt; font-weight: 600; margin: 16px 0 6px 0; }}"
        for level, scale in zip(range(1, 7), (1.35, 1.22, 1.1, 1.0, 1.0, 1.0), strict=True)
    )
    return f"""
        p {{ margin: 0 0 10px 0; line-height: {leading}%; }}
        li {{ margin: 0 0 5px 0; line-height: {leading}%; }}
        ul, ol {{ margin: 0 0 10px 0; }}
        a {{ color: {now.hex("accent")}; }}
        code {{ font-family: {families}; font-size: {points * 0.92:.1f}pt; background-color: {now.hex("sunken")}; }}
        th {{ border-bottom: 1px solid {now.hex("border_strong")}; padding: 5px 16px 5px 2px; font-weight: 600; }}
        td {{ border-bottom: 1px solid {now.hex("border")}; padding: 5px 16px 5px 2px; }}
        td.bar {{ border: none; padding: 0; }}
        td.quote {{ border: none; padding: 0 0 0 12px; color: {now.hex("muted")}; }}
        hr {{ color: {now.hex("border")}; }}
        {headings}
    """


def _leading(font: QFont) -> int:
    """Return the line height in percent of the font's own: fonts differ much in how far apart they set their lines."""
    own = QFontMetricsF(font).height()
    return max(100, round(100 * LINE_EMS * QFontInfo(font).pixelSize() / own))


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # 40 ms: not before the first answer

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable(["table", "strikethrough"]).disable("code")
    parser.add_render_rule("image", _image)
    parser.add_render_rule("table_open", _table)
    parser.add_render_rule("th_open", _head_cell)
    parser.add_render_rule("blockquote_open", _quote)
    parser.add_render_rule("blockquote_close", _end_quote)
    return parser


def _image(self: "RendererHTML", tokens: Sequence["Token"], index: int, options: Any, env: MutableMapping) -> str:
    from markdown_it.common.utils import escapeHtml

    return f"[{escapeHtml(tokens[index].content)}]"


def _table(*_: Any) -> str:
    return '<table cellspacing="0" style="border-collapse: collapse">'


def _head_cell(self: "RendererHTML", tokens: Sequence["Token"], index: int, options: Any, env: MutableMapping) -> str:
    side = str(tokens[index].attrs.get("style", "")).removeprefix("text-align:") or "left"
    return f'<th align="{side}">'


def _quote(*_: Any) -> str:
    bar = theme.current().hex("border_strong")
    return f'<table cellspacing="0"><tr><td class="bar" bgcolor="{bar}" width="3"></td><td class="quote">'


def _end_quote(*_: Any) -> str:
    return "</td></tr></table>"
