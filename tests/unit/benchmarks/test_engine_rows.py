import json
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from tests.benchmarks import engine
from tests.helpers import synthetic_gguf
from tests.helpers.engine_bench import builds, workload
from tests.helpers.engine_bench.figures import OURS, ROWS, Figures, Target, table, targets
from tests.helpers.engine_bench.kv import file_plus_kv_mb
from tests.helpers.engine_bench.peers import PEERS, PeerFailed, run

SMALL = synthetic_gguf.Shape(layers=8, width=256, inner=512, heads=4, kv_heads=2, vocabulary=49152 + 64, context=512)
"""Qwen2's form, a hundredth of its size."""


def figures(**rows: dict[str, list[float]]) -> Figures:
    return Figures(dict(rows))


def test_a_row_is_the_median_of_its_rounds_with_the_spread_beside_it() -> None:
    found = Figures()
    for value in (3.0, 1.0, 2.5):
        found.add(OURS, {"load": value})
        found.add("llama-server", {"load": [value, value * 2]})
    assert found.to_json()["load"] == {
        "unit": "s",
        "ours": 2.5,
        "llama-server": 2.75,
        "spread": {"ours": [1.0, 3.0], "llama-server": [1.0, 6.0]},
    }


def test_stop_is_as_slow_as_its_slowest() -> None:
    cells = figures(stop_ms={OURS: [10.0, 90.0, 20.0]}).to_json()["stop_ms"]
    assert (cells["ours"], cells["median"]) == (90.0, {"ours": 20.0})


def test_what_was_not_measured_is_absent() -> None:
    found = figures(decode={OURS: [20.0]})
    assert found.value("decode", "llama-bench") is None
    assert found.ratio(("decode", OURS), ("decode", "llama-bench")) is None
    assert list(found.to_json()) == ["decode"]


def test_an_engine_that_could_not_be_stopped_in_time_has_no_figure() -> None:
    found = Figures()
    found.add("gpt4all", {"stop_ms": []})
    assert found.to_json() == {}


def test_ratios_are_taken_round_by_round() -> None:
    drifting = figures(decode={OURS: [30.0, 10.0, 20.0], "llama-bench": [30.0, 10.0, 40.0]})
    assert drifting.ratio(("decode", OURS), ("decode", "llama-bench")) == 1.0
    assert drifting.value("decode") == 20.0


def test_each_target_says_whether_it_is_met() -> None:
    assert Target("decode", 0.98, 0.97, at_least=True).line() == "met          decode: 0.98 (at least 0.97)"
    assert Target("stop", 201, 200, at_least=False).line() == "MISSED       stop: 201 (at most 200)"
    assert Target("load", None, 1, at_least=True).line() == "not measured load (at least 1)"


def test_the_targets_take_the_rows_that_the_issue_names() -> None:
    found = figures(
        decode={OURS: [97.0], "llama-bench": [100.0]},
        prefill={OURS: [99.0], "llama-bench": [100.0]},
        prefill_default={OURS: [140.0], "llama-bench": [100.0]},
        ttft_new_chat_snapshot={OURS: [0.25], "llama-server": [5.0]},
        ttft_turn2={OURS: [1.1]},
        turn2_new_tokens_only={OURS: [1.0], "llama-bench": [0.5]},
        ttft_return={OURS: [0.1]},
        ttft_return_read_again={OURS: [6.0]},
        rss_mb={OURS: [1500.0]},
        file_plus_kv_mb={OURS: [1200.0]},
        stop_ms={OURS: [20.0, 250.0]},
        copy_drafting_on={OURS: [45.0]},
        copy_drafting_off={OURS: [30.0]},
    )
    values = [target.value for target in targets(found)]
    assert values == pytest.approx([0.97, 0.99, 1.4, 20, 1.1, 2.2, 60, 300, 250, 1.5])
    assert [target.is_met for target in targets(found)] == [*[True] * 5, False, True, True, False, True]
    assert {target.is_met for target in targets(Figures())} == {None}


def test_the_table_compares_with_ours() -> None:
    text = table(figures(load={OURS: [2.0, 4.0], "gpt4all": [6.0]}), PEERS)
    head, line = text.splitlines()
    assert head.split() == ["unit", "ours", "gpt4all"]
    assert line.split() == ["load", "s", "3", "[2-4]", "6", "x2"]


def test_every_row_is_measured_by_some_task() -> None:
    measured = {row for rows in engine.TASKS.values() for row in rows} | {"file_plus_kv_mb"}
    assert measured == set(ROWS)


def test_engines_take_turns_within_each_task() -> None:
    order = list(engine.turns(frozenset({"stop_ms", "decode"}), tuple(PEERS)))
    speed, stop = [peer for task, peer in order if task == "speed"], [peer for task, peer in order if task == "stop"]
    assert speed == [OURS, "llama-bench"]
    assert stop == [OURS, "llama-server", "llama-cpp-python", "gpt4all", "node-llama-cpp"]


def test_a_snapshot_is_made_before_it_is_used() -> None:
    order = list(engine.turns(frozenset({"ttft_new_chat_snapshot"}), (OURS, "llama-bench", "llama-server")))
    assert order == [("chats", OURS), ("chats", "llama-server"), ("snapshot", OURS)]


def test_speed_alone_needs_no_chats_of_ours() -> None:
    order = list(engine.turns(frozenset({"prefill", "decode"}), (OURS, "llama-bench", "llama-server")))
    assert order == [("chats", "llama-server"), ("speed", OURS), ("speed", "llama-bench")]


def test_an_unknown_row_is_refused_with_those_that_there_are() -> None:
    assert engine.known("", ROWS) == tuple(ROWS)
    assert engine.known("none", ROWS) == ()
    with pytest.raises(UserFacingError, match="nothing called decoding"):
        engine.known("decode,decoding", ROWS)


def test_a_peer_that_fails_is_named_with_its_reason_and_has_no_figure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(self: object, plan: object, home: Path) -> dict[str, float]:
        raise PeerFailed("ended with status -11")

    monkeypatch.setattr("tests.helpers.engine_bench.peers.Peer.run", fail)
    at_work = engine.Run(tmp_path, frozenset({"stop_ms"}), (OURS, "gpt4all"), tmp_path)
    engine.measure(at_work, 0)
    document = engine.as_json(at_work, 1)
    assert document["rows"] == {}
    assert document["missing"] == {"ours: stop": "ended with status -11", "gpt4all: stop": "ended with status -11"}


def test_a_peer_whose_defaults_crash_is_measured_without_repacking_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tried: list[bool] = []

    def crash_repacked(self: object, plan: dict[str, bool], home: Path) -> dict[str, float]:
        tried.append(plan["repack"])
        if plan["repack"]:
            raise PeerFailed("ended with status -4")
        return {"stop_ms": 5.0}

    monkeypatch.setattr("tests.helpers.engine_bench.peers.Peer.run", crash_repacked)
    at_work = engine.Run(tmp_path, frozenset({"stop_ms"}), ("llama-cpp-python", "gpt4all"), tmp_path)
    for number in range(2):
        engine.measure(at_work, number)
    assert tried == [True, False, True, False]  # the class twice in the first round, gpt4all once in all
    assert at_work.figures.values == {"stop_ms": {"llama-cpp-python": [5.0, 5.0]}}
    assert at_work.notes == ["llama-cpp-python without repacked weights, since its defaults fail: ended with status -4"]
    assert list(at_work.missing) == ["gpt4all: stop"]


def test_a_child_gets_its_plan_and_its_last_line_counts(tmp_path: Path) -> None:
    code = "import json, sys; print('noise'); print(json.dumps({'load': json.load(sys.stdin)['round'] + 0.5}))"
    assert run([sys.executable, "-c", code], {"round": 2}, tmp_path) == {"load": 2.5}


def test_what_a_child_said_before_it_died_is_the_reason(tmp_path: Path) -> None:
    with pytest.raises(PeerFailed, match="status 3: no such device"):
        run([sys.executable, "-c", "import sys; print('no such device', file=sys.stderr); sys.exit(3)"], {}, tmp_path)


def test_texts_are_as_long_as_asked() -> None:
    words = workload.fitting(1, lambda text: len(text.split()), 120)
    assert len(words.split()) == 120
    assert words.startswith("Rule 1001: if ")
    assert words != workload.fitting(2, lambda text: len(text.split()), 120)


def test_most_of_the_copying_task_is_to_be_copied() -> None:
    answer = workload.COPY_CODE.replace("total(", "grand_total(")
    assert 0.55 < workload.copied_share(workload.copy_task(), answer) < 0.7
    assert workload.copied_share(workload.copy_task(), "Of course.") == 0


def test_each_round_stops_at_other_moments_before_the_prompt_is_read() -> None:
    moments = [part for number in range(3) for part in workload.stop_at(number)]
    assert len(set(moments)) == 9
    assert 0 < min(moments) < max(moments) < 0.9


def test_a_complete_build_is_not_made_again_and_a_half_one_is(tmp_path: Path) -> None:
    made: list[Path] = []
    (tmp_path / "peer").mkdir()
    (tmp_path / "peer" / "half").touch()
    for _ in range(2):
        builds.once(tmp_path / "peer", made.append)
    assert made == [tmp_path / "peer"]
    assert not (tmp_path / "peer" / "half").exists()


def test_the_cache_can_be_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(builds.CACHE_VARIABLE, str(tmp_path))
    assert builds.cache() == tmp_path


def test_seven_billion_have_the_size_and_the_mix_of_the_real_file() -> None:
    bits = {"Q4_K": 144 * 8 / 256, "Q6_K": 210 * 8 / 256, "F32": 32}
    wanted = list(synthetic_gguf.tensors(synthetic_gguf.QWEN_7B))
    size = sum(bits[one.kind] * one.width * one.rows / 8 for one in wanted)
    assert size == pytest.approx(4.677e9, rel=1e-3)
    assert len(wanted) == 339
    assert sum(one.kind == "Q6_K" for one in wanted) == 29


def test_a_synthetic_model_loads_and_writes_words(tmp_path: Path, tiny_path: Path) -> None:
    path = synthetic_gguf.write(tmp_path / "shape.gguf", tiny_path, SMALL)
    kv = 8 * 2 * 64 * 2 * 2 * 512
    assert file_plus_kv_mb(path, 512, "f16", "f16") == pytest.approx((path.stat().st_size + kv) / 1e6)
    code = (
        "import sys, threading; from pathlib import Path; from desktop_agent.llm.engine import Engine;"
        "from desktop_agent.llm.protocol import Request; from desktop_agent.messages import Message;"
        "engine = Engine.load(Path(sys.argv[1]), context_tokens=512);"
        "*_, end = engine.generate(Request((Message('user', 'Hello.'),), max_tokens=8), threading.Event());"
        "engine.close(); print(end.stats.answer_tokens, end.message.text)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True, check=True)
    count, text = done.stdout.strip().split(" ", 1)
    assert count == "8"
    assert text.isascii()
    assert text.replace(" ", "").isalpha()


def test_the_json_can_be_read_back(tmp_path: Path) -> None:
    at_work = engine.Run(tmp_path / "m.gguf", frozenset(ROWS), (OURS,), tmp_path)
    at_work.counts["read"] = 1500
    at_work.figures.add(OURS, {"decode": 20.0})
    document = json.loads(json.dumps(engine.as_json(at_work, 3)))
    assert (document["model"], document["counts"]) == ("m.gguf", {"read": 1500})
    assert document["rows"]["decode"]["ours"] == 20.0
