"""Wave checkout, as docs.wave.com describes it: sessions, their expiry, webhooks, transactions.

The simulated citizen opens the link by itself; what they do then hangs on the last two digits of
the number the session is restricted to: see `fates`.
"""
