"""The public gateways benchmark: CPU time per request of this router and of others, in turns.

`python -m benchmarks.router` starts the benchmark's four subgraphs and one gateway after another,
loads each with wrk, and prints a table. Gateways run on core 0, load and subgraphs on core 1.
"""
