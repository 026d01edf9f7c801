"""An operator that serves the GSMA's Mobile Money API 1.2, as its OpenAPI document describes it.

The fate of a payment hangs on the last two digits of the paying number: see `fates`.
"""
