"""The contract of inventory for its peers."""
