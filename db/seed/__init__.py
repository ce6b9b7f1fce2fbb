"""Demo data: the same shop for the same size, everywhere and every time."""
