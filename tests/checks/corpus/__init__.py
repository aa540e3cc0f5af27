"""What `config.check` is measured by: small files, and what is to be found in them.

Nothing here is anyone's: the values are drawn by a seed, or are words, and the files are made after
the patterns that false and missed findings had in public repositories. A chapter is one checkout.
"""
