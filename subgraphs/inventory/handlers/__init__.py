"""Use cases of inventory: reservations.py for checkouts, expiry.py for those that never end,
stock_levels.py for staff. movements.py moves units and tells who ought to hear of it.
"""
