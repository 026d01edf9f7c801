"""What this process counts: kinds, never a number, a bill or a text.

What workers do is counted in the database (usecases/measure.py).
"""

from prometheus_client import Counter, Histogram

turns = Counter("sarali_turns", "USSD turns by how they ended", ["channel", "outcome"])
turn_seconds = Histogram(
    "sarali_turn_seconds",
    "Seconds to answer a USSD turn",
    ["channel"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
bad_requests = Counter("sarali_bad_requests", "Requests refused", ["door", "status"])
verifications = Counter("sarali_verifications", "Receipts checked", ["door", "verdict"])
editions = Counter("sarali_editions", "Catalogues and texts read anew", ["verdict"])
callbacks = Counter("sarali_callbacks", "Callbacks by what became of them", ["operator", "verdict"])
