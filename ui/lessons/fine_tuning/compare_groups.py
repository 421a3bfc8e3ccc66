"""How right the model is on each level and each kind of held-out examples, where their author said what they are."""

from __future__ import annotations

import streamlit as st

from figures.bars import percent
from figures.words.answer_bars import PairedBarsText
from lm_core.explain.training.confusion import Judged, accuracy_by
from ui.appearance import theme
from ui.frame.controls import choice
from ui.frame.figure import show_figure
from ui.i18n import N_, _
from ui.lessons.fine_tuning.label_bars import bars_of_two
from ui.lessons.fine_tuning.run_models import RunModels, measured_examples

_LEVELS = {"plain": N_("plain"), "mixed": N_("mixed"), "hard": N_("hard")}
"""The levels of the sets that come with the app, in their order."""

_MOST_GROUPS = 16


def show_groups(run: RunModels, before: Judged, after: Judged) -> None:
    """Bars for each group, before and after; nothing where the examples are of no groups."""
    rows = measured_examples(run)
    groupings = {"level": [row.level for row in rows], "kind": [row.kind for row in rows]}
    usable = [name for name, groups in groupings.items() if 2 <= len(set(groups)) <= _MOST_GROUPS]
    if not usable:
        return
    st.header(_("Where it is right"), anchor=False)
    titles = {"level": _("level"), "kind": _("kind")}
    by = usable[0]
    if len(usable) > 1:
        by = choice(_("Accuracy by"), usable, name="by", shown=lambda name: titles[name])
    first, second = (accuracy_by(judged, groupings[by]) for judged in (before, after))
    order = sorted(first, key=lambda group: (list(_LEVELS).index(group) if group in _LEVELS else len(_LEVELS), group))
    names = [f"{_(_LEVELS.get(group, group)) if by == 'level' else group} ({first[group][1]})" for group in order]
    shares = [[right / count for right, count in (each[group] for group in order)] for each in (first, second)]
    show_figure(
        bars_of_two(
            tuple(names),
            tuple(shares[0]),
            tuple(shares[1]),
            theme(),
            PairedBarsText(_("accuracy"), _("before"), _("after")),
        ),
        key="groups",
        file_name="accuracy-by-group",
        alt=_("Accuracy before and after: {groups}").format(
            groups=", ".join(
                f"{name} {percent(one)} → {percent(other)}" for name, one, other in zip(names, *shares, strict=True)
            )
        ),
    )
