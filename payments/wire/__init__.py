"""What the wires of several operators have in common. Nothing here knows an operator."""
