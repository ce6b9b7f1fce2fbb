"""The composed schema as data: what exists, and which subgraph resolves it."""
