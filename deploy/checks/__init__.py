"""The rules that keep secrets out of code, a module each: they judge a project and touch nothing.

A message names vars, files and lines, never a value.
"""
