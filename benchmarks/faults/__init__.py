"""The router at saturation, in front of subgraphs on their worst days.

`python -m benchmarks.faults --minutes 10` starts the public benchmark's subgraphs with faults (they
die, hang, answer garbage, close within an answer, send 50 MB), the router in front of them, and
clients that check every answer. It fails for a wrong answer, a request past its deadline, and
memory or file descriptors that grow.
"""
