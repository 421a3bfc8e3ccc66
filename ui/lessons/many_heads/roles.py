"""What each head is for: roles found on the reader's sentence, and those measured on sentences with their grammar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from figures.bars import percent
from lm_core.errors import LMGlassboxError
from ui.frame.notice import listed
from ui.i18n import N_, _
from ui.models.shelf import MODELS_IN_MEMORY, Reading
from ui.panels.attention import HeadView, head_name
from ui.plain import code_span

if TYPE_CHECKING:
    from pathlib import Path

    from lm_core.explain.heads.roles import Role
    from lm_core.explain.heads.statistics import HeadStatistics
    from lm_core.explain.heads.syntax import SyntacticRole
    from lm_core.measured.dependencies import DependencyTable

SIGNS = {"previous": "←", "next": "→", "same": "=", "special": "[ ]", "broad": "∗", "syntactic": "Λ", "none": ""}

_NAMES = {
    "previous": N_("Previous position"),
    "next": N_("Next position"),
    "same": N_("Same token"),
    "special": N_("[CLS] and [SEP]"),
    "broad": N_("Broad"),
    "syntactic": N_("Syntactic"),
    "none": N_("No role found"),
}

# Universal Dependencies' names in words; of others the reader sees the name alone.
_RELATIONS = {
    "acl": N_("clause that describes a noun"),
    "acl:relcl": N_("relative clause"),
    "advcl": N_("adverbial clause"),
    "advmod": N_("adverb"),
    "amod": N_("adjective"),
    "appos": N_("apposition"),
    "aux": N_("auxiliary verb"),
    "aux:pass": N_("auxiliary of the passive"),
    "case": N_("preposition"),
    "cc": N_("conjunction"),
    "ccomp": N_("clause as object"),
    "compound": N_("first part of a compound"),
    "conj": N_("second of two joined by “and”"),
    "cop": N_("form of “be”"),
    "det": N_("article or determiner"),
    "flat": N_("second part of a name"),
    "iobj": N_("indirect object"),
    "mark": N_("word that opens a clause"),
    "nmod": N_("noun that describes a noun"),
    "nmod:poss": N_("possessor"),
    "nsubj": N_("subject"),
    "nsubj:pass": N_("subject of the passive"),
    "nummod": N_("numeral"),
    "obj": N_("object"),
    "obl": N_("noun that describes a verb"),
    "xcomp": N_("complement of a verb"),
}

_LISTED = 3  # relations of one head: more would push the other words away


@dataclass(frozen=True)
class Findings:
    """What was found about one head."""

    statistics: HeadStatistics
    roles: Sequence[Role]  # on the reader's sentence, the clearest first
    syntactic: Sequence[SyntacticRole]  # on marked sentences; empty for a model without a table

    @property
    def main(self) -> str:
        """The role that gives the head its colour: the rarest, then the clearest."""
        if self.syntactic:
            return "syntactic"
        return self.roles[0].name if self.roles else "none"


def findings(reading: Reading) -> list[Findings]:
    """Every head of the reader's model, layer by layer."""
    from lm_core.explain.heads.roles import roles
    from lm_core.explain.heads.statistics import head_statistics
    from lm_core.explain.heads.syntax import syntactic_roles

    table = dependency_table(reading)
    answers = () if table is None else table.answers
    return [
        Findings(each, roles(each), syntactic_roles(answers, each.layer, each.head))
        for each in head_statistics(reading.trace.attentions, reading.trace.encoding)
    ]


def dependency_table(reading: Reading) -> DependencyTable | None:
    """What was measured on the weights of the reader's model, if that was done."""
    return _table(reading.serial, reading.model.folder)


@st.cache_resource(max_entries=MODELS_IN_MEMORY + 1, show_spinner=False)
def _table(serial: int, _folder: Path) -> DependencyTable | None:  # noqa: ARG001 (serial is the key)
    """A table that cannot be read claims nothing, like one that is not there."""
    from lm_core.measured.dependencies import read_table

    try:
        return read_table(_folder)
    except LMGlassboxError:
        return None


def role_name(role: str) -> str:
    """A role in the reader's language."""
    return _(_NAMES[role])


def role_rule(role: str, reading: Reading) -> str:
    """When a head has a role, and who drew the line."""
    from lm_core.explain.heads.roles import THRESHOLDS
    from lm_core.explain.heads.syntax import CASES, MARGIN

    if role == "none":
        return _("None of these lines is crossed on this sentence.")
    if role == "syntactic":
        table = dependency_table(reading)
        if table is None:
            return _("Claimed only where it was measured on marked sentences, and for these weights it was not.")
        return _(
            "The word looked at most is the right one at least {margin} percentage points more often than at the best "
            "fixed distance (Voita et al. 2019, §5.2), in at least {cases} cases. Measured on {sentences} sentences of "
            "{data}."
        ).format(margin=f"{100 * MARGIN:.0f}", cases=CASES, sentences=f"{table.sentences:,}", data=table.data)
    rules = {
        "previous": _("More than {share} of the attention on the position just before (Clark et al. 2019, §3.1)."),
        "next": _("More than {share} of the attention on the position just after (Clark et al. 2019, §3.1)."),
        "same": _("More than {share} of the attention on the position itself and on equal tokens; the line is ours."),
        "special": _("More than {share} of the attention on [CLS] and [SEP] (Clark et al. 2019, §3.2)."),
        "broad": _("More than {share} of the largest possible entropy (Clark et al. 2019, §3.3; the line is ours)."),
    }
    threshold = next(line for name, line in THRESHOLDS.items() if name == role)
    return rules[role].format(share=f"{100 * threshold:.0f}\u00a0%")


def in_short(found: Findings) -> str:
    """The roles of a head with their scores, in one line of plain text."""
    told = [f"{role_name(role.name)} {percent(role.score)}" for role in found.roles]
    told += [
        f"{role_name('syntactic')} {role.question.relation} {percent(role.accuracy)}"
        for role in found.syntactic[:_LISTED]
    ]
    return ", ".join(told) or role_name("none")


def badges(view: HeadView) -> None:
    """The roles of the head that the reader looks at, each with its score and the line that it crossed."""
    found = findings(view.reading)[view.layer * view.reading.model.config.num_attention_heads + view.head]
    statements = [
        _("{role}: {score}, and the line is at {threshold}.").format(
            role=role_name(role.name), score=percent(role.score), threshold=f"{100 * role.threshold:.0f}\u00a0%"
        )
        for role in found.roles
    ]
    statements += [_syntactic(role) for role in found.syntactic[:_LISTED]]
    lead = _("**Role.** {head}:").format(head=head_name(view.layer, view.head).capitalize())
    st.markdown(listed(lead, statements or [_("no role found on this sentence.")]))


def _syntactic(role: SyntacticRole) -> str:
    """A syntactic role as a sentence of Markdown."""
    name = role.question.relation
    known = f"{_(_RELATIONS[name])} ({code_span(name)})" if name in _RELATIONS else code_span(name)
    sentence = (
        _("Syntactic, from the {relation} to its head: right in {accuracy}, the best fixed distance in {baseline}.")
        if role.question.looks_at == "head"
        else _("Syntactic, from a head to its {relation}: right in {accuracy}, the best fixed distance in {baseline}.")
    )
    return sentence.format(relation=known, accuracy=percent(role.accuracy), baseline=percent(role.baseline))
