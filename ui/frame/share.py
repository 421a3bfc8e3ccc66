"""A link to the page as it stands, with chosen controls hidden, to copy and as a QR code for a class."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from ui.address.hiding import hidden
from ui.address.session import address, session
from ui.components.copy_link import copy_link
from ui.course import PAGES
from ui.i18n import _

SWITCH = "share"  # of the panel, in the address
_QR_WIDTH = 360  # pixels


def share_panel(slug: str) -> None:
    """The link to a lesson; drawn after all controls of the page, so that each can be hidden.

    Args:
        slug: of the lesson.
    """
    words, picture = st.columns([3, 2], gap="large")
    with words:
        to_hide = _hide_picker()
        link = page_link(slug, to_hide)
        copy_link(
            link,
            key="copy_link",
            labels={
                "link": _("This page, as it stands"),
                "copy": _("Copy link"),
                "copied": _("Copied"),
                "selected": _("Selected: copy it now."),
            },
        )
    with picture:
        _show_qr_code(link)


def page_link(slug: str, to_hide: list[str]) -> str:
    """The whole address of a lesson as it stands, without this panel; relative where the server's is not known."""
    query = address(**{SWITCH: None, "hide": ",".join(to_hide) or None})
    return f"{_server()}/{slug}?{urlencode(query, safe=',')}"


def _server() -> str:
    """The address of the app in the reader's browser; Streamlit leaves the page in it, or not."""
    url = (st.context.url or "").rstrip("/")
    return next((url.removesuffix(f"/{page.slug}") for page in PAGES if url.endswith(f"/{page.slug}")), url)


def _hide_picker() -> list[str]:
    """Which controls the link hides; those that this page hides to begin with."""
    labels = {name: label for name, label in session().controls.items() if name != SWITCH}
    return st.pills(
        _("Hide for a class"),
        list(labels),
        selection_mode="multi",
        default=[name for name in hidden() if name in labels],
        format_func=lambda name: labels[name],
        key="to_hide",
        wrap=True,
        help=_("Whoever opens the link does not see these controls; what they say now holds."),
    )


def _show_qr_code(link: str) -> None:
    """The link for a projector, or why there is none."""
    from figures.qr_code import LONGEST, qr_code

    picture = qr_code(link)
    if picture is None:
        st.caption(
            _("This link has {length} characters; a QR code holds {longest}. A shorter sentence would fit.").format(
                length=f"{len(link):,}", longest=f"{LONGEST:,}"
            )
        )
    else:
        st.image(picture, width=_QR_WIDTH, alt=_("QR code of the link"))
