"""Asks for a new run when the reader changes between light and dark: figures drawn on the server have to follow."""

from __future__ import annotations

import streamlit as st

_mount = st.components.v2.component(
    "glassbox_theme_watch",
    js="""
const seen = new WeakMap();

export default function ({ parentElement, setTriggerValue }) {
  const host = parentElement.host ?? parentElement;
  const background = getComputedStyle(host).getPropertyValue("--st-background-color");
  if (seen.has(parentElement) && seen.get(parentElement) !== background) setTriggerValue("changed", background);
  seen.set(parentElement, background);
}
""",
)


def watch_theme() -> None:
    """Run the page again when the colours of the app change."""
    _mount(key="theme_watch", on_changed_change=lambda: None)
