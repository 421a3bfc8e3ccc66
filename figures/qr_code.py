"""An address as a QR code (ISO/IEC 18004), drawn as SVG: dark on white in both themes, as cameras expect it."""

from __future__ import annotations

import io

import segno
from segno.encoder import DataOverflowError

from figures.theme import LIGHT

LONGEST = 2953  # bytes that a QR code holds at most: version 40, error correction L
_BORDER = 4  # modules of white around it, which the standard asks for


def qr_code(address: str) -> str | None:
    """The code as an SVG that scales to any size; None where the address is too long for one."""
    try:
        code = segno.make_qr(address, error="l")  # segno takes a better correction where it fits the same size
    except DataOverflowError:
        return None
    out = io.BytesIO()
    code.save(out, kind="svg", border=_BORDER, dark=LIGHT.text, light=LIGHT.background, xmldecl=False, omitsize=True)
    return out.getvalue().decode("utf-8")
