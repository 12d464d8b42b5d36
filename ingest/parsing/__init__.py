"""Parsing: readers at work in processes of their own; `parser.py` is the way in."""
