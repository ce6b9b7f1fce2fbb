"""Whoever moves the money. port.py is what we ask of them, sandbox.py one that moves none."""
