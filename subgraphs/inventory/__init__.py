"""Inventory: stock and reservations. Contributes availability to Product and Variant."""
