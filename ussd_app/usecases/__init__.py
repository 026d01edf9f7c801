"""What the system does, one file a deed. Adapters come as arguments; wiring composes them."""
