"""The dialogue with a citizen: pure, and data wherever it can be.

`service` builds the screens from the catalogue, `engine.step` moves a session over them,
`render.screen` writes a session's screen in septets. Nothing here knows HTTP, SQL or the time.
"""
