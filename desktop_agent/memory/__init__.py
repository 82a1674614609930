"""What is remembered: vectors in Chroma, recall."""
