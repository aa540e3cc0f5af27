"""Makes a story that fails small: the fewest faults, and calls, with which it still fails."""

from collections.abc import Callable
from dataclasses import replace

from .story import Fault, Story


def shrink(story: Story, fails: Callable[[Story], bool]) -> Story:
    """Drop faults, then calls, then make what is left simpler, as long as it goes on failing."""
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for smaller in _smaller(story):
            if fails(smaller):
                story, is_smaller = smaller, True
                break
    return story


def _smaller(story: Story) -> list[Story]:
    """Stories that are a step smaller, the smallest first."""
    faults = story.faults
    found = [_with(story, faults[:place] + faults[place + 1 :]) for place in range(len(faults))]
    if len(story.calls) > 1:
        found += [_without(story, number) for number in range(len(story.calls))]
    for place, fault in enumerate(faults):
        for simpler in _simpler(fault):
            found.append(_with(story, (*faults[:place], simpler, *faults[place + 1 :])))
    return found


def _without(story: Story, number: int) -> Story:
    """The story without a call; its faults go with it, and those of later ones move up."""
    faults = [
        replace(fault, call=fault.call - (fault.endpoint != "" and fault.call > number))
        for fault in story.faults
        if not fault.endpoint or fault.call != number
    ]
    calls = story.calls[:number] + story.calls[number + 1 :]
    return replace(story, calls=calls, faults=tuple(faults))


def _with(story: Story, faults: tuple[Fault, ...]) -> Story:
    return replace(story, faults=faults)


def _simpler(fault: Fault) -> list[Fault]:
    found = []
    if fault.arg:
        found.append(replace(fault, arg=0))
    if fault.nth > 1:
        found.append(replace(fault, nth=1))
    return found
