"""Inventory in PostgreSQL: stock.py holds units and their ledger, reservations.py who has them.

Locks are taken in one order everywhere: the reservation's row, then stock rows by variant id.
"""
