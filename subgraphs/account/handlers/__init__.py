"""Use cases of account: one function each, in registration.py and sessions.py.

passwords.py hashes in a bounded pool, signing_keys.py holds the keys of access tokens, and
resources.py is what all of them are given.
"""
