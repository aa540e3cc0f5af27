"""Declared against live: what would change, what may be done, and what became of it. All pure."""
