"""Orders for clients: Strawberry types equal to schema.graphql.

types.py, lines.py: what is shown · inputs.py: what is taken ·
operations.py: Query, Mutation and the schema.
"""
