"""An address in a field, and a button that copies it."""

from __future__ import annotations

from collections.abc import Mapping

from ui.components.assets import register

_mount = register("copy_link")


def copy_link(link: str, *, key: str, labels: Mapping[str, str]) -> None:
    """Show an address that can be copied.

    Args:
        link: the address.
        key: names the instance.
        labels: texts in the reader's language: `link` (above the field), `copy` (on the button), and what is said
            when it is `copied`, or only `selected`.
    """
    _mount(key=key, data={"link": link, "labels": dict(labels)})
