"""Runs the whole platform on one machine with nothing installed."""
