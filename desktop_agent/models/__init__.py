"""Which GGUF files: catalogue, download, verification, import."""
