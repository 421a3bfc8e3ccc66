"""Controls that a link hides: they are not drawn, and what the address says of them holds."""

from __future__ import annotations

import streamlit as st

from ui.address.session import change, option, session
from ui.i18n import _


def offered(name: str, label: str) -> bool:
    """Whether a control is to be drawn.

    Args:
        name: of the control in the address, where `hide=name,other` hides it.
        label: what it is called where a teacher chooses what to hide.
    """
    session().controls[name] = label
    return name not in asked_to_hide()


def asked_to_hide() -> tuple[str, ...]:
    """What the address hides, whether there is such a control or not."""
    return tuple(name.strip() for name in (option("hide") or "").split(","))


def hidden() -> list[str]:
    """The controls that this page has and does not show, once they have all been offered."""
    return [name for name in session().controls if name in asked_to_hide()]


def way_back() -> None:
    """One quiet link that shows all controls again, where some are hidden; the last thing of a run."""
    if hidden():
        st.button(_("Show all controls"), type="tertiary", key="show_all", on_click=lambda: change(hide=None))
