"""The catalogue that ships."""

import re

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.models.catalogue import Catalogue, HubSource, PackageSource

ENTRIES = Catalogue.load().entries


def test_the_promised_models_are_there() -> None:
    names = ["starter", "small", "tiny", "embedder", "embedder-multilingual", "qwen2.5-7b", "qwen3-8b"]
    assert [entry.name for entry in ENTRIES] == names
    assert {entry.name: entry.role for entry in ENTRIES if entry.role != "chat"} == {
        "tiny": "test",
        "embedder": "embedding",
        "embedder-multilingual": "embedding",
    }


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_is_pinned_and_has_a_source(entry) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", entry.sha256)
    assert entry.bytes > 40_000_000
    assert re.fullmatch(r"[a-z0-9._-]+\.gguf", entry.file)
    assert entry.licence in ("Apache-2.0", "MIT")
    assert entry.sources


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_parts_add_up_to_the_file(entry) -> None:
    for source in entry.sources:
        if isinstance(source, PackageSource) and source.parts > 1:
            assert (source.parts - 1) * source.part_bytes < entry.bytes <= source.parts * source.part_bytes
            assert source.member.format(n=7).endswith("part07.bin")


def test_files_and_sums_are_unique() -> None:
    assert len({entry.file for entry in ENTRIES}) == len({entry.sha256 for entry in ENTRIES}) == len(ENTRIES)


def test_packages_come_before_the_hub() -> None:
    kinds = [type(source) for source in Catalogue.load().get("starter").sources]
    assert kinds == [PackageSource, HubSource]


def test_a_misspelt_name_gets_the_near_one() -> None:
    with pytest.raises(UserFacingError, match=r"no model called 'Startr'\. Did you mean starter\?"):
        Catalogue.load().get("Startr")


def test_a_strange_name_gets_all_names() -> None:
    with pytest.raises(UserFacingError, match=r"There are: starter, small, tiny"):
        Catalogue.load().get("xyzzy")
