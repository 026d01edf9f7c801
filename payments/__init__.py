"""The rules of money: what may be opened, what is known, what is posted. No I/O."""
