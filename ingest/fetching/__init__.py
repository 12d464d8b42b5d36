"""Fetching: one guarded door to the web; `fetcher.py` is the way in."""
