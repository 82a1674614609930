"""The real sources of the small files: about 300 MB come over the network."""

import hashlib
from collections.abc import Callable
from operator import mul
from pathlib import Path

import pytest

from desktop_agent.llm.embedder import GgufEmbedder
from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.e5 import convert, convert_latin_han_kana
from desktop_agent.models.library import Library

KEPT = (
    "My cat is called Schrödinger; she's 5 years old & weighs 4.2 kg!",
    "我的猫叫薛定谔，今年五岁，重4.2公斤。",
    "Python的list.sort()和sorted()有什么区别？",
    "ＡＢＣ１２３ ＆ ｆｕｌｌ－ｗｉｄｔｈ，￥128.50 ≈ $17.62 № ② ½",
    "日本語のカタカナとひらがな、ｶﾀｶﾅ 〇々ヶ",
    "café naïve Straße łódź İstanbul Tiếng Việt",
    "😀🎉👩‍👩‍👧‍👦 ❤️ ✔️ “quotes” — … → ≤ √2",
    "5 µm, 10 kΩ, π/2 and the angle α",
    "def f(x: int) -> str:\n\treturn f'{x!r}'  # 注释",
    "A list of many words, one after another. " * 40,
)
LOST = "Моего кота зовут Шрёдингер."


@pytest.mark.parametrize("name", ["tiny", "embedder"])
def test_a_real_pull(tmp_path: Path, name: str) -> None:
    library = Library(tmp_path / "models", Catalogue.load())
    path = library.pull(name)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == library.entry(name).sha256
    assert [found.name for found in library.installed()] == [name]
    assert len([found for found in library.folder.iterdir() if not found.name.startswith(".")]) == 1


def test_the_smaller_embedder_says_the_same(tmp_path: Path, embedder_path: Path) -> None:
    """Vectors of English and Chinese texts are the full vocabulary's; those of other scripts are not."""
    library = Library(tmp_path / "models", Catalogue.load())
    full = library.pull("embedder-multilingual")
    assert library.verify("embedder-multilingual").bytes > 1.5 * embedder_path.stat().st_size
    whole, part = vectors(full), vectors(embedder_path)
    cosines = [sum(map(mul, one, other)) for one, other in zip(whole, part, strict=True)]
    assert min(cosines[:-1]) > 0.99999
    assert cosines[-1] < 0.99


def vectors(path: Path) -> list[list[float]]:
    embedder = GgufEmbedder.load(path)
    try:
        return embedder.embed([*KEPT, LOST], "passage")
    finally:
        embedder.close()


@pytest.mark.parametrize("convert", [convert, convert_latin_han_kana])
def test_the_conversion_takes_nothing_else(tmp_path: Path, convert: Callable[[Path, Path], None]) -> None:
    (tmp_path / "text").write_text("E5S0")
    with pytest.raises(ValueError, match="not an E5S1 file"):
        convert(tmp_path / "text", tmp_path / "out")
