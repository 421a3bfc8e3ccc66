"""The QR code on the page is the one that the library makes of the address, module by module."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import segno

from figures.qr_code import LONGEST, qr_code

BORDER = 4  # modules, as ISO/IEC 18004 asks for
ADDRESSES = [
    "http://localhost:8501/masked-words?sentence=The+cat&mask=2",
    "https://example.org/many-heads?sentence=%3C%2Fscript%3E%22%27%26&hide=sentence,model&lang=zh",
    "http://localhost/?sentence=" + "%E8%AF%8D" * 200,
]


def modules(svg: str) -> list[list[int]]:
    """What the SVG draws, module by module, border included; 1 is dark."""
    root = ElementTree.fromstring(svg)
    side = int(root.attrib["viewBox"].split()[-1])
    picture = [[0] * side for _ in range(side)]
    (line,) = [path.attrib["d"] for path in root if "stroke" in path.attrib]
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", line):
        steps = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            for column in range(int(x), int(x + steps[0])):
                picture[int(y)][column] = 1
            x += steps[0]
        else:
            x, y = (steps[0], steps[1]) if command == "M" else (x + steps[0], y + steps[1])
    return picture


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_picture_is_the_code_of_the_address_with_white_around_it(address: str) -> None:
    svg = qr_code(address)
    assert svg is not None
    picture = modules(svg)
    inner = [row[BORDER:-BORDER] for row in picture[BORDER:-BORDER]]
    assert inner == [list(row) for row in segno.make(address, micro=False, error="l").matrix]
    assert sum(map(sum, picture)) == sum(map(sum, inner))


def test_the_picture_is_dark_on_white_and_grows_with_its_frame() -> None:
    root = ElementTree.fromstring(qr_code(ADDRESSES[0]) or "")
    ground, line = root
    assert ground.attrib["fill"] in ("#fff", "white")
    assert int(line.attrib["stroke"][1:3], 16) < 64
    assert "width" not in root.attrib


def test_an_address_too_long_for_a_code_has_none() -> None:
    assert qr_code("x" * LONGEST) is not None
    assert qr_code("x" * (LONGEST + 1)) is None
