"""The main road with the real starter model, as a user walks it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop_agent.app import App
from desktop_agent.paths import Paths
from tests.helpers.program import COMMAND, Run

pytestmark = pytest.mark.usefixtures("starter_path", "embedder_path")


def test_answers_from_standard_input(run: Run) -> None:
    done = run(given="What is the capital of France?")
    assert done.code == 0
    assert "Paris" in done.out
    assert "no display" in done.err


def test_reads_a_file_it_was_allowed_to(run: Run, invoice: Path) -> None:
    done = run("ask", "What is the total in invoice.txt?", "--allow", str(invoice), "--yes", "--json")
    assert done.code == 0
    assert "read_file" in [event["call"]["name"] for event in done.of_kind("tool_call_requested")]
    assert any("4711.50" in event["result"]["text"] for event in done.of_kind("tool_finished"))
    assert "4711.50" in done.of_kind("turn_finished")[0]["text"]


def test_reads_nothing_without_a_grant(run: Run, invoice: Path) -> None:
    done = run("ask", f"What is the total in {invoice}/invoice.txt?", "--yes", "--json")
    assert done.code == 0
    assert not [event for event in done.of_kind("tool_finished") if event["result"]["ok"]]
    answer = done.of_kind("turn_finished")[0]["text"]
    assert "4711" not in answer
    assert "folder" in answer
    assert "grant" in answer


def test_memory_does_not_carry_a_file_into_a_chat_without_its_folder(run: Run, invoice: Path) -> None:
    question = "What is the total in invoice.txt?"
    assert "4711.50" in run("ask", question, "--allow", str(invoice), "--yes").out
    done = run("ask", question, "--yes", "--json")
    assert "4711" not in done.out
    assert "grant" in done.of_kind("turn_finished")[0]["text"]


def test_denies_where_nobody_can_be_asked(run: Run, invoice: Path) -> None:
    done = run("ask", "What is the total in invoice.txt?", "--allow", str(invoice), "--json")
    assert done.code == 0
    assert "4711" not in done.out
    assert "Use --yes" in done.err


def test_remembers_across_chats_and_writes_nothing_readable(run: Run, home: Paths) -> None:
    told = run("ask", "Remember: my cat is called Schrödinger.", "--json")
    first_chat = told.of_kind("turn_started")[0]["conversation_id"]
    asked = run("ask", "What is my cat called?", "--json")
    assert asked.of_kind("turn_started")[0]["conversation_id"] != first_chat
    assert [memory["conversation_id"] for memory in asked.of_kind("recalled")[0]["memories"]] == [first_chat]
    assert "Schrödinger" in asked.of_kind("turn_finished")[0]["text"]
    for file in (path for path in home.home.rglob("*") if path.is_file()):
        data = file.read_bytes()
        for encoding in ("utf-8", "latin-1", "utf-16-le"):
            assert "Schrödinger".encode(encoding) not in data, file
        assert b"my cat" not in data, file


def test_goes_on_with_a_chat(run: Run) -> None:
    first = run("ask", "My favourite number is 27. Answer with: noted.", "--json")
    chat = first.of_kind("turn_started")[0]["conversation_id"]
    second = run("ask", "Which number did I name?", "--chat", chat, "--json")
    assert second.of_kind("turn_started")[0]["conversation_id"] == chat
    assert "27" in second.of_kind("turn_finished")[0]["text"]


def test_a_killed_answer_is_there_after_restart(home: Paths) -> None:
    question = "Write a long story about a lighthouse."
    process = subprocess.Popen([*COMMAND, "ask", question], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    seen = process.stdout.read(40)
    time.sleep(1.5)
    process.kill()
    process.communicate()
    app = App(home).open()
    try:
        (chat,) = app.conversations.list()
        asked, answered = app.transcript.history(chat.id)
        assert asked.message.text == question
        assert answered.status == "interrupted"
        assert answered.message.text.startswith(seen.strip()[:20])
        assert len(answered.message.text) >= 40
    finally:
        app.close()


def test_a_prompt_that_does_not_fit_is_refused_with_numbers(run: Run, home: Paths) -> None:
    text = " ".join(f"word{number}" for number in range(20_000))
    done = run("ask", "-", "--context", "4096", given=text)
    assert done.code == 5
    assert "4,096" in done.err
    app = App(home).open()
    try:
        (chat,) = app.conversations.list()
        assert app.transcript.history(chat.id)[0].message.text == text
    finally:
        app.close()


@pytest.mark.parametrize("content", ["text", "truncated"])
def test_a_broken_model_file_is_a_sentence(run: Run, tmp_path: Path, starter_path: Path, content: str) -> None:
    file = tmp_path / "broken.gguf"
    with starter_path.open("rb") as source:
        file.write_bytes(b"Dear diary, this is a text file.\n" * 9 if content == "text" else source.read(50_000_000))
    for arguments in (("ask", "Hello", "--model", str(file)), ("models", "import", str(file))):
        done = run(*arguments)
        assert done.code == 5
        assert "broken.gguf" in done.err
        assert "Traceback" not in done.err
        assert len(done.err.strip().splitlines()) <= 2


def test_exit_codes(run: Run, tmp_path: Path) -> None:
    assert run("ask").code == 2
    assert run("ask", "Hello", "--model", "nonsense").code in {3, 5}
    empty = run("ask", "Hello", DESKTOP_AGENT_MODELS=str(tmp_path / "none"))
    assert empty.code == 3
    assert "models pull" in empty.err


def test_ctrl_c_stops_the_answer_and_keeps_it(home: Paths) -> None:
    process = subprocess.Popen(
        [*COMMAND, "ask", "Count from one to five hundred in words."],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.read(10)
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 4
    assert "Stopped." in err
    print(f"from Ctrl-C to the end of the process: {time.monotonic() - started:.2f} s")
    app = App(home).open()
    try:
        history = app.transcript.history(app.conversations.list()[0].id)
        assert history[-1].status == "stopped"
        assert history[-1].message.text
    finally:
        app.close()


def test_two_programs_do_not_share_a_home(home: Paths, run: Run) -> None:
    app = App(home).open()
    try:
        done = run("ask", "Hello")
        assert done.code == 5
        assert "already running" in done.err
    finally:
        app.close()


def test_opens_no_socket(home: Paths) -> None:
    """Nothing in a whole turn, memory included, connects to anywhere."""
    script = (
        "import sys\n"
        "def hook(event, args):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo') and not str(args[-1]).startswith('/'):\n"
        "        sys.stderr.write(f'SOCKET {event} {args}\\n')\n"
        "sys.addaudithook(hook)\n"
        "from desktop_agent.cli.main import run\n"
        "sys.exit(run(['ask', 'Say hello.'], lambda: 0))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert "SOCKET" not in done.stderr
