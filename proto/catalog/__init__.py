"""The contract of catalog for its peers."""
