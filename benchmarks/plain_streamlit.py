"""The smallest page with a control and an answer: what Streamlit itself takes, without us."""

from __future__ import annotations

import streamlit as st

number = st.segmented_control("Number", range(1, 5), default=1, required=True)
st.text(f"The number is {number}.")
