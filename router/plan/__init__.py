"""An operation and a graph in, a plan out."""
