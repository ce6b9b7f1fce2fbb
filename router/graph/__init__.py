"""Where a query can go: the moves between subgraphs that a supergraph allows."""
