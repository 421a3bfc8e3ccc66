"""Files with one JSON object a line, as data come; what was packed with xz is unpacked on the way."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from lm_core.errors import InputError

Row = TypeVar("Row")


def read_json_lines(file: Path, make: Callable[[Any], Row], refused: Callable[[int], InputError]) -> Iterator[Row]:
    """Read a file line by line.

    Args:
        file: to be read.
        make: a row out of what a line says; ValueError, KeyError or TypeError where it says something else.
        refused: the error about a line, by its number from 1.

    Raises:
        InputError: what `refused` makes of a line that is something else.
    """
    with (lzma.open if file.suffix == ".xz" else open)(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = make(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise refused(number) from error
            yield row
