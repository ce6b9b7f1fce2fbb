"""Policies in front of execution, one a file."""
