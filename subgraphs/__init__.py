"""Subgraphs never import each other: they meet in proto/ and over the network."""
