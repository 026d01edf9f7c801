"""An SMS centre behind the HTTP API of Africa's Talking, with an outbox that tests can read."""
