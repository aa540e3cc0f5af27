"""What code says of the environment: the names that it reads, and whether it can do without."""
