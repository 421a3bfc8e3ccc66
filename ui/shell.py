"""The main script: the list of pages, what all of them share at the side, and the page that was asked for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.address.hiding import offered, way_back
from ui.address.session import begin_run
from ui.components.page_language import set_page_language
from ui.components.theme_watch import watch_theme
from ui.course import COURSE, PAGES
from ui.frame.controls import language_picker, sentence_box
from ui.frame.foot import lesson_link
from ui.i18n import HTML_LANGUAGES, _
from ui.models.own import trained_by
from ui.models.picker import model_picker
from ui.runs.pool import pool

ROOT = Path(__file__).parent.parent

st.set_page_config(page_title="LM Glassbox", page_icon="🔎", layout="wide")
page = st.navigation(
    [st.Page(ROOT / each.file, title=_(each.title), url_path=each.slug, default=each.slug == "home") for each in PAGES],
    position="hidden",
)
begin_run()
trained_by(pool)
with st.sidebar:
    st.markdown("### LM Glassbox")
    has_map = offered("map", _("Map of the course"))
    if has_map:
        with st.container(key="map"):
            for each in PAGES:
                lesson_link(each)
    sentence_box()
    model_picker()
    set_page_language(HTML_LANGUAGES[language_picker()])
    watch_theme()
    if has_map:
        with st.container(key="planned"):
            planned = " · ".join(_(each.title) for each in COURSE if not each.exists)
            st.caption(_("Coming: {lessons}").format(lessons=planned))

page.run()
with st.sidebar:
    way_back()
