import signal
import subprocess
import sys

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.saved_memories import SavedMemories
from desktop_agent.storage.transcript import Transcript
from desktop_agent.storage.turns import Turns
from tests.helpers import word_tables

OUT_OF_SPACE = """
import resource, sys
from pathlib import Path
from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.saved_memories import SavedMemories
from desktop_agent.storage.transcript import Transcript
from tests.helpers import word_tables

database = Database.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
chat, transcript, saved = Conversations(database).create("kept").id, Transcript(database), SavedMemories(database)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
written = 0
try:
    while True:
        transcript.append(chat, Message("user", "x" * 20_000))
        written += 1
        saved.add(f"fact number {written}", "written")
except UserFacingError as error:
    print(error.message)
assert len(transcript.history(chat)) == written
assert written - len(saved.list()) in (0, 1)
word_tables.check(database)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
transcript.append(chat, Message("user", "there is room again"))
saved.edit(saved.list()[0].id, "there is room for this fact")
word_tables.check(database)
database.close()
print(written)
"""


def test_a_full_database_says_so_and_goes_on_when_there_is_room(database):
    chat, transcript = Conversations(database).create("kept").id, Transcript(database)
    pages = database.execute("PRAGMA page_count")[0][0]
    database.execute(f"PRAGMA max_page_count = {pages + 4}")
    with pytest.raises(UserFacingError, match="disk is full"):
        transcript.append(chat, Message("user", "x" * 100_000))
    assert transcript.history(chat) == []
    assert Turns(database).ids() == set()
    word_tables.check(database)
    assert Conversations(database).get(chat).title == "kept"  # its updated_at was rolled back with the message
    database.execute("PRAGMA max_page_count = 1000000")
    transcript.append(chat, Message("user", "there is room again"))
    assert [stored.message.text for stored in transcript.history(chat)] == ["there is room again"]


def test_a_memory_that_does_not_fit_is_not_half_saved(database):
    saved = SavedMemories(database)
    made = saved.add("fact", "written")
    pages = database.execute("PRAGMA page_count")[0][0]
    database.execute(f"PRAGMA max_page_count = {pages + 4}")
    large = " ".join(f"word{number}" for number in range(20_000))
    with pytest.raises(UserFacingError, match="disk is full"):
        saved.edit(made.id, large)
    with pytest.raises(UserFacingError, match="disk is full"):
        saved.add(large, "written")
    assert saved.list() == [made]
    assert Turns(database).search("word7 word19999", 5).turns == []
    word_tables.check(database)
    database.execute("PRAGMA max_page_count = 1000000")
    saved.edit(made.id, large)
    assert dict(Turns(database).search("word7 word19999", 5).turns).keys() == {f"memory-{made.id}"}
    word_tables.check(database)


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="the limit on a file's size is POSIX")
def test_a_disk_that_refuses_a_write_loses_nothing_else(path, key):
    command = [sys.executable, "-c", OUT_OF_SPACE, str(path), key.hex()]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    sentence, written = ran.stdout.splitlines()
    assert "was not saved" in sentence
    database = Database.open(path, key)
    (chat,) = Conversations(database).list()
    texts = [stored.message.text for stored in Transcript(database).history(chat.id)]
    assert texts == ["x" * 20_000] * int(written) + ["there is room again"]
    assert Turns(database).search("room fact", 5).turns
    word_tables.check(database)
    database.close()
