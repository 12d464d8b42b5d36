"""What is measured of an outcome: one module a matter, each with its `MEASURES` and a function of one outcome to scores."""
