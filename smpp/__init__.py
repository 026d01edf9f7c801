"""SMPP 3.4 without a socket and without a clock: bytes in, values out, and back."""
