"""What things cost: time, memory and disk, beside the plain way of doing them, in one run."""
