"""Orange Money by password: Sonatel's eWallet in one step, as its document of Senegal describes it.

The fate of a payment hangs on the last two digits of the paying number: see `fates`.
"""
