"""The world in a box: what stands outside Sarali, speaking HTTP to it, with faults on demand.

Each simulator is a process of its own and knows nothing of the application but `domain`.
"""
