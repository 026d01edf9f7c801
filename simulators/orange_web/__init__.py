"""Orange Money web payment: a page that the citizen opens from a link, as Orange documents it.

The request for a page names no payer. So the fate of a payment hangs on the last two digits of the
number typed on the page: see `fates`. The simulated citizen reads the links in their SMS.
"""
