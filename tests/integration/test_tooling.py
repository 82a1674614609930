"""What all chats share of the tools: a self-test that fails closed, servers that start side by side."""

import threading

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.sandbox.selftest import SelfTest
from desktop_agent.tooling import UNTESTED, Tooling


@pytest.fixture
def tooling():
    made = Tooling(Paths.from_environment())
    yield made
    made.close()


def test_every_layer_holds_where_the_tests_run(tooling):
    assert {layer.name: layer.detail for layer in tooling.check(threading.Event()) if layer.state != "on"} == {}
    assert [tool.name for tool in tooling.built_in if tooling.problem(tool)] == []


def test_a_self_test_that_fails_leaves_tools_off(tooling, monkeypatch):
    def broken(*_arguments):
        raise OSError(28, "no room for a canary")

    monkeypatch.setattr(SelfTest, "run", broken)
    off = {tool.name: tooling.problem(tool) for tool in tooling.built_in if tool.needs}
    assert set(off.values()) == {UNTESTED}
    assert "run_python" in off
    assert "read_document" in off
    assert not tooling.layers()
    with pytest.raises(UserFacingError, match="cannot be tested"):
        tooling.check(threading.Event())


def test_closing_ends_a_self_test(tooling):
    tooling.begin()
    tooling.close()
    assert tooling.fault("wasm") in (UNTESTED, "")
