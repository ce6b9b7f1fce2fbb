"""The contract of account for its peers."""
