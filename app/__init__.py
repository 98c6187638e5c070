"""Runs the house: command line, settings, wiring, worker."""

__version__ = "0.1.0"
