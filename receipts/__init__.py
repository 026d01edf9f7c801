"""The proof of a payment: its number, its record, what a verifier is told."""
