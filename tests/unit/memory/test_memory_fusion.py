import pytest

from desktop_agent.lexical import LexicalHits
from desktop_agent.memory.fusion import fused, standardised, standardised_by_group

NOTHING = LexicalHits([], [])


def tail(count: int, name: str = "t") -> list[tuple[str, float]]:
    """Return hits that fall off slowly."""
    return [(f"{name}{number}", 0.3 - 0.001 * number) for number in range(count)]


def test_what_stands_out_in_both_lists_wins() -> None:
    dense = {"other": [("both", 0.5), ("near", 0.52), *tail(50)]}
    words = [("both", 9.0), ("said", 9.5), *((f"t{number}", 3.0) for number in range(50))]
    scores = fused(dense, LexicalHits(words, words))
    assert max(scores, key=scores.__getitem__) == "both"
    assert min(scores["near"], scores["said"]) > scores["t0"]


def test_each_half_works_alone() -> None:
    assert fused({}, NOTHING) == {}
    by_words = fused({}, LexicalHits([("a", 5.0), ("b", 1.0)], [("a", 4.0)]))
    assert by_words["a"] > by_words["b"]
    by_meaning = fused({"other": [("a", 0.5), ("b", 0.1)]}, NOTHING)
    assert by_meaning["a"] > by_meaning["b"]


def test_a_candidate_without_scores_comes_last() -> None:
    scores = fused({"other": [("a", 0.5), *tail(20)]}, LexicalHits([("a", 5.0), ("b", 4.0)], []), ["day"])
    assert scores["day"] == min(scores.values())


def test_a_single_number_in_a_foreign_question_decides_nothing() -> None:
    dense = {"other": [("right", 0.55), *tail(199)]}
    scores = fused(dense, LexicalHits([("t150", 0.9)], [("t150", 0.9)]))
    assert max(scores, key=scores.__getitem__) == "right"


def test_three_english_turns_among_many_chinese_ones_do_not_win_by_being_few() -> None:
    few = [("e0", 0.12), ("e1", 0.05), ("e2", 0.04)]
    han = [("h", 0.5), *tail(199)]
    scores = standardised_by_group({"han": han, "other": few})
    assert max(scores, key=scores.__getitem__) == "h"
    assert scores["e0"] < scores["t0"]


def test_the_right_one_of_three_english_turns_is_found_among_many_chinese_ones() -> None:
    few = [("e0", 0.45), ("e1", 0.05), ("e2", 0.04)]
    scores = standardised_by_group({"han": tail(200), "other": few})
    assert max(scores, key=scores.__getitem__) == "e0"


def test_a_group_with_lower_cosines_is_level_with_the_other() -> None:
    low = [(f"l{id_}", cosine - 0.2) for id_, cosine in [("best", 0.6), *tail(199)]]
    scores = standardised_by_group({"han": [("best", 0.6), *tail(199)], "other": low})
    assert scores["best"] - scores["lbest"] < 0.2 * scores["best"]


def test_who_shares_no_word_is_behind_the_only_one_who_does() -> None:
    scores = standardised({"a": 1.0}, ["a", "b"])
    assert scores["a"] > scores["b"]


def test_who_is_not_on_a_list_that_was_cut_is_level_with_its_last() -> None:
    scores = standardised(dict(tail(200)), ["t0", "t199", "other"])
    assert scores["other"] == scores["t199"] < scores["t0"]


def test_equal_scores_are_no_trouble() -> None:
    assert standardised({"a": 1.0, "b": 1.0}, ["a", "b"]) == {"a": 0.0, "b": 0.0}
    assert standardised({}, ["a"]) == {"a": 0.0}
    assert standardised_by_group({"han": [("a", 0.3)], "other": []}) == {"a": pytest.approx(0.0)}
