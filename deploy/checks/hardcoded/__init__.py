"""A secret stands in a file that a commit holds, or could hold.

`values` are those of the env files; `unlisted` are those that no env file knows, by their form.
"""

NAME = "hardcoded"
MANY = 20
"""Places of one value, above which they are told in one finding."""
