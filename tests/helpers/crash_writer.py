"""A program to be killed: appends questions, journals answers, saves and edits memories, and prints what is on disk.

Arguments: the database's path and its key in hex.
"""

import itertools
import sys
from pathlib import Path

from desktop_agent.messages import Message
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.saved_memories import SavedMemories
from desktop_agent.storage.transcript import Transcript


def main(path: str, key: str) -> None:
    """Write until killed: a line "ID TEXT" follows each change that is acknowledged."""
    database = Database.open(Path(path), bytes.fromhex(key))
    conversation = Conversations(database).create()
    transcript, saved = Transcript(database), SavedMemories(database)
    for number in itertools.count():
        question = f"question-{number}"
        print(transcript.append(conversation.id, Message("user", question)).id, question, flush=True)
        answer = transcript.append(conversation.id, Message("assistant"), "streaming")
        for words in range(1, 6):
            text = "word" * words
            transcript.update(answer.id, Message("assistant", text), "streaming" if words < 5 else "complete")
            print(answer.id, text, flush=True)
        memory = saved.add(f"{conversation.id} fact-{number}", "written")
        print(f"memory-{memory.id}", memory.text, flush=True)
        saved.edit(memory.id, f"{memory.text} edited")
        print(f"memory-{memory.id}", f"{memory.text} edited", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
