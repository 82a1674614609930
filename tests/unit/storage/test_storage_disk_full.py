import signal
import subprocess
import sys

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.transcript import Transcript

OUT_OF_SPACE = """
import resource, sys
from pathlib import Path
from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.transcript import Transcript

database = Database.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
chat, transcript = Conversations(database).create("kept").id, Transcript(database)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
written = 0
try:
    while True:
        transcript.append(chat, Message("user", "x" * 20_000))
        written += 1
except UserFacingError as error:
    print(error.message)
assert len(transcript.history(chat)) == written
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
transcript.append(chat, Message("user", "there is room again"))
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
    assert Conversations(database).get(chat).title == "kept"  # its updated_at was rolled back with the message
    database.execute("PRAGMA max_page_count = 1000000")
    transcript.append(chat, Message("user", "there is room again"))
    assert [stored.message.text for stored in transcript.history(chat)] == ["there is room again"]


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
    database.close()
