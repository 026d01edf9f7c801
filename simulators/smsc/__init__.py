"""An SMS centre and USSD gateway over SMPP 3.4, with handsets that dial, type and read.

It writes and reads the protocol in its own way, on purpose: an error of ours must not be its own.
"""
