"""Short messages: which text announces which fact, and who carries it."""
