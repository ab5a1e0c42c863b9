"""What the languages call the places in which faults are put: one table for each."""
