"""Is it any good? Measures the retrieval and the answers of Dateline. Run as ``python -m eval``; never import it whole,
the name hides Python's own `eval`."""
