"""Homologation: the gateways' side of every dialect, what they say, and a script to try it with.

Outside the system, as the simulators are: it speaks to a channel over HTTP and knows nothing of it
but its dialect.
"""
