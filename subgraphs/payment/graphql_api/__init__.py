"""Payments for clients: Strawberry types equal to schema.graphql.

payment_types.py shows payments, methods.py stored methods, orders.py what payment adds to orders;
operations.py is what can be asked and changed; the schema is made there.
"""
