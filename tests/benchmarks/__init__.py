"""What the tasks cost, as ratios of runs in pairs: `python -m tests.benchmarks --help`.

A subject a file. Each gives rows (`row`), of whole processes that take turns (`pairs`) where that
can be; `table` and `plot` show them. The API that a diff and a drift meet is `api`, not the
project's emulator: it has precomputed bytes, and leaves the processor to what is measured.
"""
