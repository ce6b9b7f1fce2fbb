"""Payments in PostgreSQL: payments.py holds payments and operations, methods.py stored methods.

Locks are taken in one order everywhere: the payment's row, then its operations.
"""
