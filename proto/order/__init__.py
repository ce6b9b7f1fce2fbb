"""The contract of order for its peers."""
