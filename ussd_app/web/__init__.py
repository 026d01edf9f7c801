"""The HTTP doors. Each reads a request, calls one use case and writes an answer."""
