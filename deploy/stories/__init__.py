"""What a user does, a module each: it reads, decides and writes, and prints nothing."""
