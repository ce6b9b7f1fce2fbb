"""Inventory for clients: Strawberry types equal to schema.graphql.

entities.py adds availability to the catalog's products and variants, stock.py is what staff see,
operations.py what can be asked and changed; the schema is made there.
"""
