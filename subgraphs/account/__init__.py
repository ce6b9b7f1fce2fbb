"""Accounts: users, sessions, roles. Entity: User(id)."""
