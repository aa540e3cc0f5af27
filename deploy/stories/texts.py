"""The texts that apps are declared by, each read once however many apps it is a layer of."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from .. import workers
from ..envfile import parser
from ..envfile.declaration import Layer
from ..errors import DeployError, FileUnreadable
from ..project import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ..project.layers import Program
    from ..project.settings import Settings
    from ..project.target import Source


class Texts:
    """Reads files, standard input, and what programs print; keeps what came of each."""

    def __init__(self, root: Path, settings: Settings, note: Callable[[str], None]) -> None:
        self._root = root
        self._settings = settings
        self._note = note
        self._layers: dict[Source, Layer] = {}
        self._printed: dict[Program, bytes | DeployError] = {}
        """What came of each program, failures too: none is run twice."""

    def layer(self, source: Source) -> Layer:
        """A text, read and parsed; raises why it cannot be."""
        if source not in self._layers:
            self._layers[source] = self._read(source)
        return self._layers[source]

    def run(self, programs: Iterable[Program], progress: Callable[[str], None]) -> None:
        """Run programs side by side; what came of each is there for whoever asks later."""
        todo = [each for each in dict.fromkeys(programs) if each not in self._printed]
        if not todo:
            return
        from ..project.program import stop_all  # noqa: PLC0415  # most are files

        found = workers.each(todo, self._outcome, workers=self._settings.workers)
        try:
            for count, (index, outcome) in enumerate(found, start=1):
                self._printed[todo[index]] = outcome
                progress(f"{count}/{len(todo)} programs")
        except KeyboardInterrupt:
            stop_all()
            raise

    def output_of(self, program: Program) -> bytes:
        """What a program prints; raises why it cannot be had."""
        if program not in self._printed:
            self._printed[program] = self._outcome(program)
        found = self._printed[program]
        if isinstance(found, DeployError):
            raise found
        return found

    def is_missing(self, program: Program) -> bool:
        """Whether there is no such program on this machine."""
        from ..project.program import ProgramMissing  # noqa: PLC0415  # most are files

        try:
            self.output_of(program)
        except DeployError as error:
            return isinstance(error, ProgramMissing)
        return False

    def _outcome(self, program: Program) -> bytes | DeployError:
        from ..project.program import output_of  # noqa: PLC0415  # most are files

        try:
            return output_of(
                program.argv,
                shown=program.shown,
                folder=self._root,
                environ=os.environ,
                seconds=self._settings.from_seconds,
                names=lambda: files.example_names(self._root),
            )
        except DeployError as error:
            return error

    def _read(self, source: Source) -> Layer:
        shown, encrypted = source.shown, self._settings.policy.encrypted
        if source.program is not None:
            from ..envfile.flat_json import parse_output  # noqa: PLC0415  # most are files

            data = self.output_of(source.program)
            return Layer(shown, parse_output(data, source=shown, encrypted=encrypted))
        return Layer(shown, parser.parse(self._of_file(source), source=shown, encrypted=encrypted))

    def _of_file(self, source: Source) -> bytes:
        if source.path is not None:
            return files.read_file(source.path, shown=source.shown)
        if sys.stdin is None:
            raise FileUnreadable(source.shown, "is closed", next_step="pipe the env file into it")
        if sys.stdin.isatty():
            self._note("reading the env file from the terminal; end it with Ctrl-D")
        return files.read_stream(sys.stdin.buffer)
