"""SafeGrammar on a real vocabulary; whatever is done to it, the process lives."""

import subprocess
import sys
from pathlib import Path

import llama_cpp
import numpy as np
import pytest

from desktop_agent.llm.grammar import SafeGrammar


@pytest.fixture
def yes_or_no(tiny_vocab):
    grammar = SafeGrammar(tiny_vocab.pointer, 'root ::= "yes" | "no" " "? "."')
    yield grammar
    grammar.close()


def test_a_token_that_does_not_fit_is_refused_and_changes_nothing(tiny_vocab, yes_or_no):
    (maybe,), (yes,) = tiny_vocab.tokens("maybe")[:1], tiny_vocab.tokens("yes")
    assert not yes_or_no.allows(maybe)
    with pytest.raises(ValueError, match="refuses"):
        yes_or_no.accept(maybe)
    assert yes_or_no.allows(yes)


def test_it_is_finished_only_when_nothing_more_may_come(tiny_vocab, yes_or_no):
    for token in tiny_vocab.tokens("no"):
        assert not yes_or_no.finished
        yes_or_no.accept(token)
    assert not yes_or_no.finished
    yes_or_no.accept(tiny_vocab.tokens(".")[0])
    assert yes_or_no.finished
    assert yes_or_no.allows(llama_cpp.llama_vocab_eos(tiny_vocab.pointer))


def test_a_possible_end_with_more_to_come_is_not_the_end(tiny_vocab):
    grammar = SafeGrammar(tiny_vocab.pointer, "root ::= [0-9]+")
    grammar.accept(tiny_vocab.tokens("7")[0])
    assert grammar.allows(llama_cpp.llama_vocab_eos(tiny_vocab.pointer))
    assert not grammar.finished
    grammar.close()


@pytest.mark.parametrize("better", [0, 5, 500])
def test_the_best_allowed_token_is_chosen_however_far_down_it_stands(tiny_vocab, yes_or_no, better):
    logits = np.zeros(tiny_vocab.size, dtype=np.float32)
    (yes,) = tiny_vocab.tokens("yes")
    logits[yes] = 1.0
    forbidden = [token for token in range(1000, 2000) if not yes_or_no.allows(token)][:better]
    logits[forbidden] = 2.0
    assert yes_or_no.choose(logits, tiny_vocab.size) == yes


def test_logits_may_be_a_pointer_as_llama_returns_it(tiny_vocab, yes_or_no):
    logits = np.zeros(tiny_vocab.size, dtype=np.float32)
    (yes,) = tiny_vocab.tokens("yes")
    logits[yes] = 1.0
    assert yes_or_no.choose(logits.ctypes.data_as(llama_cpp.llama_get_logits.restype), tiny_vocab.size) == yes


def test_choosing_at_a_dead_end_is_an_error_not_an_abort(tiny_vocab):
    grammar = SafeGrammar(tiny_vocab.pointer, 'root ::= "a"')
    grammar.close()
    with pytest.raises(ValueError, match="allows no token"):
        grammar.choose(np.zeros(tiny_vocab.size, dtype=np.float32), tiny_vocab.size)


def test_characters_that_span_several_tokens(tiny_vocab):
    assert tiny_vocab.accepts('root ::= "日本語" | "größer"', "größer")
    assert tiny_vocab.accepts('root ::= "日本語" | "größer"', "日本語")
    assert not tiny_vocab.accepts('root ::= "日本語" | "größer"', "日本酒")


@pytest.mark.parametrize("gbnf", ["", "other ::= [a]", "root ::= missing", 'root ::= "open', 'root ::= root "a"'])
def test_a_grammar_that_llama_does_not_understand_is_a_value_error(tiny_vocab, gbnf):
    with pytest.raises(ValueError, match="grammar"):
        SafeGrammar(tiny_vocab.pointer, gbnf)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_sequence_of_calls_kills_the_process(tiny_path, seed):
    script = Path(__file__).with_name("grammar_fuzz.py")
    command = [sys.executable, str(script), str(tiny_path), str(seed), "400"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=250)
    assert (done.returncode, done.stdout.split()) == (0, ["alive"]), done.stderr[-2000:]
