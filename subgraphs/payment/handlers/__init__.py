"""Use cases of payment, each in three steps that never share a transaction:

1. begin: the operation and its key are committed;
2. the provider is asked (providing.py), with a deadline;
3. settle (settlement.py): what came of it, with its event.

authorisation.py, money_movements.py and voiding.py begin; recovery.py asks again about operations
whose outcome nobody knows.
"""
