"""The local model: llama.cpp engine, prompt templates, tool dialects, grammars, embedder."""
