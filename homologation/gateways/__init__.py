"""One file a dialect: how its gateway carries a subscriber's keys to a channel."""
