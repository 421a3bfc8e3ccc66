"""How a figure leaves the browser: as SVG, drawn there, so that no renderer is needed on the server."""

from __future__ import annotations


def browser_config(filename: str) -> dict[str, object]:
    """The plotly configuration of every figure: an SVG button, no logo, no tools that a lesson does not use."""
    return {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "svg", "filename": filename},
        "scrollZoom": False,
    }
