"""What it costs: the router beside others, and planning by size."""
