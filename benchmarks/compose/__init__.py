"""Composing beside `@apollo/composition`: CPU time, wall time and peak memory, by workload."""
