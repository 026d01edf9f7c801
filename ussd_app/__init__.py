"""The only package that knows all the parts: HTTP, jobs, storage, wiring and use cases."""
