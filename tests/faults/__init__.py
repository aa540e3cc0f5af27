"""A storm: seeded stories in which several things break at once, and what must hold all the same.

`python -m tests.faults --stories N --seed S` runs one. The API here is a belief of its own about
Heroku's, and shares no code with the client nor with the emulator.
"""
