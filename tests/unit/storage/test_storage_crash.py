import json
import random
import subprocess
import sys
from pathlib import Path

from desktop_agent.messages import Message
from desktop_agent.storage.database import Database
from desktop_agent.storage.saved_memories import SavedMemories
from desktop_agent.storage.transcript import Transcript
from desktop_agent.storage.turns import Turns
from tests.helpers import word_tables

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


def test_everything_acknowledged_survives_fifty_kills(path, key):
    acknowledged: dict[str, str] = {}
    for _ in range(50):
        acknowledged |= killed_after(random.randint(1, 60), path, key)  # noqa: S311 -- any moment will do
        database = Database.open(path, key)
        kept = texts(database)
        for id_, text in acknowledged.items():
            # A change may be on disk although the writer died before it could say so.
            assert kept[id_].startswith(text.strip()), (id_, kept[id_], text)
        word_tables.check(database)
        database.close()


def test_every_acknowledged_turn_and_edit_is_found_after_a_kill(path, key):
    acknowledged = killed_after(80, path, key)
    database = Database.open(path, key)
    turns = Turns(database)
    for id_, text in acknowledged.items():
        if "word" not in text:
            assert id_ in dict(turns.search(text, 1000).turns), text
    database.close()


def texts(database: Database) -> dict[str, str]:
    """What is kept, by turn id."""
    rows = database.select("SELECT id, content FROM messages")
    kept = {id_: Message.from_dict(json.loads(content)).text for id_, content in rows}
    return kept | {f"memory-{memory.id}": memory.text for memory in SavedMemories(database).list()}


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
