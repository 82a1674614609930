"""Does everything wrong with a SafeGrammar that can be done, and says "alive" at the end. Run: FILE.gguf SEED STEPS."""

import random
import sys

import llama_cpp
import numpy as np

from desktop_agent.llm.gbnf import value_grammar
from desktop_agent.llm.grammar import SafeGrammar

PERSON = {
    "type": "object",
    "properties": {
        "name": {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "string"}, {"enum": ["größer", "小明", "😀"]}]},
        "age": {"type": "integer", "minimum": 17, "maximum": 123},
        "tags": {"type": "array", "items": {}, "maxItems": 3},
    },
    "required": ["name"],
}
GRAMMARS = [
    value_grammar(PERSON),
    value_grammar({}),
    'root ::= "a"* ("ab" | "a" "b")* [^\\x00-\\x1F]{0,5}',
    'root ::= ("é" | [à-ü] | . | "日本")* "</tool_call>"',
    'root ::= ""',
    "root ::= [0-9]+",
]
BROKEN = [
    *("", "root", "root ::= foo", 'root ::= "', "root ::= [", "root ::= root", 'root ::= "a"{5000}', "x ::= x"),
    *("root ::= (", 'root ::= "\\q"', "root ::= <nothing>", "root ::= \x00", "root ::= \ud800"),
]


def vocabulary(path: str):
    params = llama_cpp.llama_model_default_params()
    params.vocab_only = True
    return llama_cpp.llama_model_get_vocab(llama_cpp.llama_model_load_from_file(path.encode(), params))


def misuse(grammar: SafeGrammar, size: int, dice: random.Random, noise: np.random.Generator) -> None:
    """Make one call, sensible or not."""
    token = dice.choice([dice.randrange(size), dice.randrange(300), -1, -(2**40), size, 2**31, 2**63 - 1, 0, 2])
    action = dice.randrange(12)
    try:
        if action == 0:
            grammar.allows(token)
        elif action == 1:
            _ = grammar.finished
        elif action == 2 and dice.random() < 0.02:
            grammar.close()
        elif action < 6:
            grammar.accept(token)
        else:
            logits = noise.normal(size=size).astype(np.float32)
            logits[: dice.randrange(size)] = dice.choice([0.0, -np.inf, np.inf, np.nan])
            grammar.accept(grammar.choose(logits, size))
    except ValueError:
        return


def main(path: str, seed: str, steps: str) -> None:
    vocab = vocabulary(path)
    size = llama_cpp.llama_vocab_n_tokens(vocab)
    dice, noise = random.Random(seed), np.random.default_rng(int(seed))  # noqa: S311
    for gbnf in BROKEN:
        try:
            SafeGrammar(vocab, gbnf)
        except ValueError:
            continue
        raise AssertionError(f"accepted {gbnf!r}")
    for gbnf in GRAMMARS:
        grammar = SafeGrammar(vocab, gbnf)
        for _step in range(int(steps)):
            misuse(grammar, size, dice, noise)
        grammar.close()
        grammar.close()
        misuse(grammar, size, dice, noise)
    print("alive")


if __name__ == "__main__":
    main(*sys.argv[1:])
