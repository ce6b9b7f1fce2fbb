"""Use cases of order.

placing.py: createOrder up to its durable start · checkout.py: the saga's steps ·
running.py: sagas in this process, and those a crash left behind · reading.py: who may see what ·
resources.py: what all of them are given.
"""
