"""The contract of payment for its peers."""
