"""Orange Money "mp", the operator's USSD push, as its documentation of Cameroon describes it.

The fate of a payment hangs on the last two digits of the paying number: see `fates`.
"""
