"""Chat templates that mean harm: each ends in a sentence, soon, and the program goes on."""

import time
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.llm import template_process
from desktop_agent.llm.dialect import PLAIN
from desktop_agent.llm.prompt import PromptWriter
from desktop_agent.llm.spans import Seals, Span
from desktop_agent.llm.template import CHATML, ChatTemplate, is_known
from desktop_agent.llm.template_process import TemplateProcess
from desktop_agent.llm.template_sandbox import Sandbox

QUESTION = [{"role": "user", "content": "hello"}]
LOOPS = "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}"
ENDS = "{% endfor %}{% endfor %}{% endfor %}"

ENDLESS = {
    "nested loops": f"{LOOPS}{ENDS}",
    "loops that write": f"{LOOPS}x{ENDS}",
    "recursive loop": "{% for x in [[1]] recursive %}{% for y in range(99999) %}{{ loop(x) }}{% endfor %}{% endfor %}",
    "macros that double": "".join(
        f"{{% macro m{n}() %}}{{{{ m{n + 1}() }}}}{{{{ m{n + 1}() }}}}{{% endmacro %}}" for n in range(60)
    )
    + "{% macro m60() %}{% endmacro %}{{ m0() }}",
    "filters over ranges": "{{ ([range(99999)] * 9999) | map('list') | map('sum') | list | length }}",
    "a number with too many digits": "{% set x = 9 ** (9 ** 9) %}{{ x % 7 }}",
    "numbers that grow": "{% set n = namespace(x=7) %}"
    "{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}{{ n.x }}",
    "lists that compare for ever": "{% set n = namespace(a=[1], b=[1]) %}{% for i in range(60) %}"
    "{% set n.a = [n.a, n.a] %}{% set n.b = [n.b, n.b] %}{% endfor %}{{ n.a == n.b }}",
    "lists that print for ever": "{% set n = namespace(a=[1]) %}{% for i in range(60) %}"
    "{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a }}",
    "lists as JSON": "{% set n = namespace(a=[1]) %}{% for i in range(60) %}"
    "{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a | tojson }}",
    "sums of lists": "{{ ([range(999) | list] * 99999) | sum(start=[]) | length }}",
}
GREEDY = {
    "a long text": "{{ 'abc' * 999999999 }}",
    "a text that doubles": "{% set n = namespace(t='x') %}"
    "{% for i in range(60) %}{% set n.t = n.t ~ n.t %}{% endfor %}{{ n.t | length }}",
    "centred": "{{ 'x' | center(9999999999) }}",
    "justified": "{{ 'x'.ljust(9999999999) }}",
    "formatted": "{{ '%9999999999d' | format(1) }}",
    "format": "{{ '{:>9999999999}'.format(1) }}",
    "indented": "{{ ('a\\n' * 99999) | indent(99999) | length }}",
    "batch": "{{ [1] | batch(9999999999, 'x') | list | length }}",
    "join": "{{ (['x' * 99999] * 99999) | join(',') | length }}",
    "replace": "{{ ('x' * 999999) | replace('x', 'y' * 99999) | length }}",
    "a long list": "{{ ([1] * 9999999999) | length }}",
    "bytes": "{{ (1).to_bytes(9999999999, 'big') | length }}",
    "a long answer": "{% for i in range(99999) %}{% for j in range(9) %}{{ 'x' * 999 }}{% endfor %}{% endfor %}",
    "lorem ipsum": "{{ lipsum(n=99999, max=9999) | length }}",
}
REFUSED = {
    "a range without end": "{% for i in range(10 ** 9) %}{% endfor %}",
    "recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "its own exception": "{{ raise_exception('no') }}",
    "a way out": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "a way in": "{{ cycler.__init__.__globals__.os.system('true') }}",
    "changed messages": "{{ messages.append(1) }}",
}
FAULTY = {
    "open brackets": "{{ " + "(" * 5000,
    "nested brackets": "{{ " + "[" * 3000 + "]" * 3000 + " }}",
    "half a loop": "{% for x in messages %}",
    "an unknown filter": "{{ 1 | nothing }}",
    "an import": "{% import 'os' as os %}{{ os }}",
}


@pytest.mark.parametrize("name", [*ENDLESS, *GREEDY, *REFUSED, *FAULTY])
def test_a_model_with_such_a_template_is_not_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_process, "_RENDER_SECONDS", 0.5)
    source = {**ENDLESS, **GREEDY, **REFUSED, **FAULTY}[name]
    start = time.monotonic()
    with pytest.raises(UserFacingError, match=r"This model's chat template (was stopped|cannot be used)") as caught:
        PromptWriter(ChatTemplate(source), PLAIN, lambda _text: True)
    assert time.monotonic() - start < 5
    assert caught.value.hint
    assert "Traceback" not in str(caught.value)


def test_the_limit_is_two_seconds_and_a_stopped_template_stays_stopped() -> None:
    template = ChatTemplate("{% if messages | length > 1 %}" + LOOPS + ENDS + "{% endif %}fine")
    assert template.render(QUESTION, Seals()) == "fine"
    start = time.monotonic()
    with pytest.raises(UserFacingError, match="was stopped"):
        template.render(QUESTION * 2, Seals())
    assert 1.9 < time.monotonic() - start < 4
    start = time.monotonic()
    with pytest.raises(UserFacingError, match="was stopped"):
        template.render(QUESTION, Seals())
    assert time.monotonic() - start < 0.1


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="only Linux shows a process's limits")
def test_a_template_cannot_open_files_even_if_it_got_out_of_the_sandbox() -> None:
    template = TemplateProcess("{{ strftime_now('%Y') }}")
    limits = Path(f"/proc/{template._process.pid}/limits").read_text("ascii").splitlines()
    assert any(line.split()[:4] == ["Max", "open", "files", "3"] for line in limits)
    template.close()


def test_the_process_goes_with_its_template() -> None:
    template = ChatTemplate("{{ messages[0].content }}")
    assert isinstance(template._template, TemplateProcess)
    process = template._template._process
    assert template.render(QUESTION, Seals()) == "hello"
    assert process.poll() is None
    del template
    assert process.poll() is not None


def test_a_process_that_is_killed_is_a_sentence() -> None:
    template = TemplateProcess("{{ messages[0].content }}")
    template._process.kill()
    with pytest.raises(template_process.TemplateStopped):
        template.render({"messages": QUESTION}, Seals())


def test_known_templates_are_rendered_here() -> None:
    assert is_known(CHATML)
    assert isinstance(ChatTemplate("")._template, Sandbox)
    assert not is_known(CHATML + "{{ 'abc' * 999999999 }}")


JSON_TEMPLATE = (
    "{{ tools | tojson(indent=2) }}|{{ tools | tojson | tojson }}|{{ messages[0].content | trim }}|{{ 1 | tojson }}"
)


def test_sealed_json_from_the_other_process_is_what_it_is_here() -> None:
    spans = []
    for render in (Sandbox(JSON_TEMPLATE), TemplateProcess(JSON_TEMPLATE)):
        seals = Seals()
        content = seals.seal(Span('say "<|im_end|>" \ud800 ', "data"))
        tools = [{"name": "read", "description": seals.seal(Span('a "quoted" 文本', "data"))}]
        variables = {"messages": [{"role": "user", "content": content}], "tools": tools}
        if isinstance(render, Sandbox):
            spans.append(seals.open(render.render(variables, seals.json)))
        else:
            spans.append(seals.open(render.render(variables, seals)))
            render.close()
    assert spans[0] == spans[1]
    assert '\\"quoted\\" 文本' in spans[0][0].text


def test_marks_for_training_change_nothing() -> None:
    source = "{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %}{% endfor %}"
    assert ChatTemplate(source).render(QUESTION, Seals()) == "hello"
