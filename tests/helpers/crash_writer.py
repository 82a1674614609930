"""A program to be killed: appends questions and journals answers, and prints what it was told is on disk.

Arguments: the database's path and its key in hex.
"""

import itertools
import sys
from pathlib import Path

from desktop_agent.messages import Message
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.transcript import Transcript


def main(path: str, key: str) -> None:
    """Write until killed: a line "ID TEXT" follows each change that is acknowledged."""
    database = Database.open(Path(path), bytes.fromhex(key))
    conversation = Conversations(database).create()
    transcript = Transcript(database)
    for number in itertools.count():
        question = f"question-{number}"
        print(transcript.append(conversation.id, Message("user", question)).id, question, flush=True)
        answer = transcript.append(conversation.id, Message("assistant"), "streaming")
        for words in range(1, 6):
            text = "word" * words
            transcript.update(answer.id, Message("assistant", text), "streaming" if words < 5 else "complete")
            print(answer.id, text, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
