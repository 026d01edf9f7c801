"""A participant (PSP) of the BCEAO's PI-SPI, and the business API it opens to the Treasury.

The citizen approves requests to pay by themselves, in a wallet of any operator. The fate of a
request hangs on the last two digits of the paying number: see `fates`.
"""
