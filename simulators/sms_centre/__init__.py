"""An SMS centre behind the HTTP APIs of several providers, with an outbox that tests can read."""
