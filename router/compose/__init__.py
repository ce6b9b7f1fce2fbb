"""Subgraph SDLs in, a supergraph or diagnostics out."""
