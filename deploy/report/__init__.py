"""Outcomes as text: one module a format, and what they share. Nothing here prints."""
