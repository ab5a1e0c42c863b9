"""The engine: llama.cpp in a process of its own, and its client."""
