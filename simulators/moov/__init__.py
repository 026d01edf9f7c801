"""Moov Money's merchant SOAP, as third-party clients of Moov Benin describe it.

No webhook, no idempotency: the same push twice is two prompts and two debits. The fate of a
payment hangs on the last two digits of the paying number: see `fates`.
"""
