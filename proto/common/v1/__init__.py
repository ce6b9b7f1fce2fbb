"""Version 1 of the messages every contract may use."""
