"""An operator whose merchant code the citizen dials: it hears nothing of us, and only reports.

The fate of a payment hangs on the last two digits of the paying number: see `fates`. The simulated
citizen reads what to dial in their SMS.
"""
