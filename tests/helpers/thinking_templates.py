"""Chat templates of thinking models, as short as they can be with the real ones' structure, and one of our own."""

QWEN3 = r"""{%- set ns = namespace(seeks=true, last=messages|length - 1) %}
{%- for m in messages[::-1] %}{% set index = messages|length - 1 - loop.index0 %}
{%- if ns.seeks and m.role == 'user' and not (m.content.startswith('<tool_response>')) %}
{%- set ns.seeks = false %}{% set ns.last = index %}{% endif %}{% endfor %}
{%- for m in messages %}{% set content = m.content %}
{%- if m.role == 'assistant' %}{% set thought = '' %}
{%- if m.reasoning_content is string %}{% set thought = m.reasoning_content %}
{%- elif '</think>' in content %}
{%- set thought = content.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n') %}
{%- set content = content.split('</think>')[-1].lstrip('\n') %}{% endif %}
{%- if loop.index0 > ns.last and (loop.last or thought) %}
{{- '<|im_start|>assistant\n<think>\n' + thought.strip('\n') + '\n</think>\n\n' + content.lstrip('\n') }}
{%- else %}{{- '<|im_start|>assistant\n' + content }}{% endif %}
{%- for call in m.tool_calls or [] %}{{ '\n<tool_call>\n' }}{{ call.function | tojson }}{{ '\n</tool_call>' }}
{%- endfor %}{{ '<|im_end|>\n' }}
{%- elif m.role == 'tool' %}
{{- '<|im_start|>user\n<tool_response>\n' + content + '\n</tool_response><|im_end|>\n' }}
{%- else %}{{ '<|im_start|>' + m.role + '\n' + content + '<|im_end|>\n' }}{% endif %}{% endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}
{%- if enable_thinking is defined and enable_thinking is false %}{{ '<think>\n\n</think>\n\n' }}
{%- endif %}{% endif %}"""
"""Qwen3 writes `<think>` itself; old thinking goes."""

QWEN35 = (
    QWEN3.replace("and (loop.last or thought) ", "")
    .split("{%- if enable_thinking")[0]
    .replace(
        "{{ '<|im_start|>assistant\\n' }}",
        "{{ '<|im_start|>assistant\\n' }}"
        "{% if enable_thinking is defined and enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}"
        "{% else %}{{ '<think>\\n' }}{% endif %}{% endif %}",
    )
)
"""Qwen3.5 opens the block in the prompt, and shows an empty one before answers of the turn that goes on."""

DEEPSEEK_R1 = r"""{{ bos_token }}{% for m in messages %}{% if m.role == 'assistant' %}{% set content = m.content %}
{%- if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}
{{- '<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>' }}
{%- else %}{{ ('' if m.role == 'system' else '<｜User｜>') + m.content }}{% endif %}{% endfor %}
{%- if add_generation_prompt %}{{ '<｜Assistant｜><think>\n' }}{% endif %}"""
"""DeepSeek-R1 and QwQ open the block in the prompt whatever is wanted."""

MAGISTRAL = r"""{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}{{ '[INST]' + m.content + '[/INST]' }}
{%- elif m.role == 'system' %}{{ '[SYSTEM_PROMPT]' + m.content + '[/SYSTEM_PROMPT]' }}
{%- else %}{{ m.content + eos_token }}{% endif %}{% endfor %}"""
"""Magistral writes `[THINK]` itself; what an old answer has stays."""

LFM2 = r"""{{ bos_token }}{% set ns = namespace(last=-1) %}{% for m in messages %}{% if m.role == 'assistant' %}
{%- set ns.last = loop.index0 %}{% endif %}{% endfor %}
{%- for m in messages %}{% set content = m.content %}
{%- if m.role == 'assistant' and not keep_past_thinking and loop.index0 != ns.last and '</think>' in content %}
{%- set content = content.split('</think>')[-1] | trim %}{% endif %}
{{- '<|im_start|>' + m.role + '\n' + content + '<|im_end|>\n' }}{% endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"""
"""LFM2.5 keeps the thinking of the last answer, and drops what is older."""

GLM = r"""[gMASK]<sop>{% set ns = namespace(last=-1) %}{% for m in messages %}{% if m.role == 'user' %}
{%- set ns.last = loop.index0 %}{% endif %}{% endfor %}{% for m in messages %}{% if m.role == 'user' %}<|user|>
{{ m.content }}{{ '/nothink' if enable_thinking is defined and not enable_thinking else '' }}
{%- elif m.role == 'assistant' %}<|assistant|>{% set thought = '' %}{% set content = m.content %}
{%- if '</think>' in content %}{% set thought = content.split('</think>')[0].split('<think>')[-1] %}
{%- set content = content.split('</think>')[-1] %}{% endif %}
{%- if loop.index0 > ns.last and thought %}{{ '\n<think>' + thought.strip() + '</think>' }}
{%- else %}{{ '\n<think></think>' }}{% endif %}{{ '\n' + content.strip() }}
{%- else %}{{ '<|' + m.role + '|>\n' + m.content }}{% endif %}{% endfor %}
{%- if add_generation_prompt %}<|assistant|>
{{- '\n<think></think>' if enable_thinking is defined and not enable_thinking else '' }}{% endif %}"""
"""GLM shows an empty block before every old answer."""

HARMONY = r"""{% for m in messages %}{% if m.role == 'assistant' %}
{{- '<|start|>assistant<|channel|>final<|message|>' + m.content + '<|end|>' }}
{%- else %}{{ '<|start|>' + m.role + '<|message|>' + m.content + '<|end|>' }}{% endif %}{% endfor %}
{%- if add_generation_prompt %}<|start|>assistant{% endif %}{# <|channel|>analysis<|message|> #}"""
"""gpt-oss answers in channels; it refuses an answer's content with channels in it, which is left out here."""

PRIMED = r"""<|im_start|>user
What is the capital of Spain?<|im_end|>
<|im_start|>assistant
<think>
Spain is a country. Its capital is Madrid.
</think>

Madrid.<|im_end|>
<|im_start|>user
What is the capital of Japan?<|im_end|>
<|im_start|>assistant
<think>
Japan is a country. Its capital is Tokyo.
</think>

Tokyo.<|im_end|>
{% for m in messages %}{% set content = m.content %}
{%- if m.role == 'assistant' and '</think>' in content and drops %}
{%- set content = content.split('</think>')[-1].lstrip('\n') %}{% endif %}
{{- '<|im_start|>' + m.role + '\n' + content + '<|im_end|>\n' }}{% endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\n<think>\n' }}
{%- if not enable_thinking %}{{ '\n</think>\n\n' }}{% endif %}{% endif %}"""
"""Makes a thinking model of any that follows two examples. It keeps old thinking."""

PRIMED_FORGETFUL = PRIMED.replace("and drops", "")
"""The same, but it drops old thinking."""
