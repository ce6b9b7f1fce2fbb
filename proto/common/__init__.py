"""Messages every contract may use."""
