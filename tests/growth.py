"""How the work grows with its input: steps of the interpreter, which no other process changes."""

import gc
import sys
from collections.abc import Callable
from types import FrameType


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times as many steps twice the size takes: 2 where they grow with it, 4 squared."""
    work(1)  # what is made once, such as a pattern, counts for neither
    return _steps(lambda: work(2 * size)) / _steps(lambda: work(size))


def _steps(work: Callable[[], object]) -> int:
    count = 0

    def trace(frame: FrameType, event: str, arg: object) -> object:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    gc.collect()
    gc.disable()  # or what ends the garbage of other tests would be counted with it
    sys.settrace(trace)  # type: ignore[arg-type]  # a trace function that returns itself
    try:
        work()
    finally:
        sys.settrace(before)
        gc.enable()
    return count
