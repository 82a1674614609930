import random
import subprocess
import sys
from pathlib import Path

from desktop_agent.storage.database import Database
from desktop_agent.storage.transcript import Transcript

WRITER = Path(__file__).parents[2] / "helpers" / "crash_writer.py"


def killed_after(lines: int, path: Path, key: bytes) -> dict[str, str]:
    """Run the writer, kill it once it has printed some lines, and return the last acknowledged text by id."""
    command = [sys.executable, str(WRITER), str(path), key.hex()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(lines)]
        writer.kill()
        said += [line for line in writer.stdout if line.endswith("\n")]
    assert writer.returncode == -9
    return dict(line.split(maxsplit=1) for line in said)


def test_everything_acknowledged_survives_a_kill(path, key):
    acknowledged: dict[str, str] = {}
    for _ in range(4):
        acknowledged |= killed_after(random.randint(1, 150), path, key)  # noqa: S311 -- any moment will do
        database = Database.open(path, key)
        transcript = Transcript(database)
        for id_, text in acknowledged.items():
            kept = transcript.get(id_).message.text
            # A change may be on disk although the writer died before it could say so.
            assert kept.startswith(text.strip()), (id_, kept, text)
        database.close()


def test_a_half_written_answer_is_marked_after_a_kill(path, key):
    acknowledged = killed_after(3, path, key)
    database = Database.open(path, key)
    transcript = Transcript(database)
    half = [id_ for id_ in acknowledged if transcript.get(id_).status == "streaming"]
    assert transcript.mark_interrupted() >= len(half)
    assert all(transcript.get(id_).status == "interrupted" for id_ in half)
    assert transcript.mark_interrupted() == 0
    database.close()


def test_nothing_is_readable_in_what_a_kill_leaves(path, key):
    killed_after(150, path, key)
    files = sorted(path.parent.glob("test.db*"))
    assert len(files) == 3  # the file, its log, its shared memory
    for file in files:
        content = file.read_bytes()
        assert b"question" not in content, file
        assert b"wordword" not in content, file
        assert b"conversations" not in content, file
