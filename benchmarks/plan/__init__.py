"""How long planning takes, by size of the operation and number of subgraphs."""
