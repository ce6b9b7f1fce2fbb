"""A plan and subgraphs in, a response out."""
