"""Desktop Agent: a private assistant on your own computer.

The map of rooms; each line may import itself and what stands below it (import-linter checks this):

    __main__          python -m desktop_agent, and the `desktop-agent` command
    ui     cli        the window (the only place that knows Qt); the terminal
    app               composition root: names the concrete backends and wires them together
    desk, model_desk  all that a user can do with memory; from a model's name to one that answers
    vectors, space, consent, suggesting, memory_stats, model_fit, model_origin     parts of app with one matter each
    agent             the loop that turns one user message into a stream of events
    llm               the local model: llama.cpp engine, KV states, drafting, tuning, templates, tool dialects, embedder
    models            which GGUF files: catalogue, download, verification, import; what fits this machine
    storage           the encrypted database: chats, turns and their words, saved memories, grants, backups, archives
    memory            what matters for a question: by meaning (vectors in Chroma) and by words; notes; wishes
    tools             what the model may do: tools, folder grants, approval policy
    settings          preferences, and the key that opens the database
    messages, events, lexical, markdown_stream, visible, loading_mark, durable, paths, errors   leaves: small functions

One turn, as data: the user's text is stored, `agent` yields events (`events.py`), and the window, the terminal,
the journal and the tests all read those same events.
"""

__version__ = "0.1.0"
