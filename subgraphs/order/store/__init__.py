"""Orders in PostgreSQL.

tables.py: the SQLModel tables · placing.py: step 0 of a checkout · progress.py: how a checkout
goes on · reading.py: orders as they stand.
"""
