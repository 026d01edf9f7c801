"""USSD dialects, one a file: bytes to `Turn`, reply to bytes. No I/O."""
