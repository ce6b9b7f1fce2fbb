"""The catalog for clients: Strawberry types equal to schema.graphql, and its three entities.

loads.py gathers what the fields of one request need, types.py shows it, operations.py is what can
be asked and changed; the schema is made there.
"""
