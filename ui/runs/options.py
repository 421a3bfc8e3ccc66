"""What a fine-tuning and a pre-training are both asked for: a schedule, patience, a seed, sentences for the film."""

from __future__ import annotations

from ui.address.entries import index_option, lines_entry, number_entry
from ui.address.session import option
from ui.i18n import _

SEEDS = 9999

_LONGEST_PROBES = 800  # characters, of all sentences together


def schedule_names() -> dict[str, str]:
    """How the rate falls after the warm-up, by its name in the address."""
    return {"linear": _("down in a line"), "cosine": _("half a cosine"), "constant": _("stays")}


def read_patience(held: str) -> int | None:
    """Measurements without progress before a training stops early; None never stops it."""
    return None if held == "off" else int(held)


def seed_entry() -> None:
    """The seed, from 1 on the page."""
    number_entry(_("Seed"), SEEDS, name="seed", default=0)


def asked_seed() -> int:
    """The seed of the address, from 0 here."""
    return index_option("seed", SEEDS) or 0


def probes_entry() -> None:
    """Sentences for the film, a line each."""
    lines_entry(
        _("Sentences for the film, a line each (4 at most; [MASK] leaves a gap)"),
        name="probes",
        longest=_LONGEST_PROBES,
        height=120,
    )


def typed_probes() -> tuple[str, ...]:
    """The reader's sentences for the film, if there are any."""
    lines = (option("probes") or "")[:_LONGEST_PROBES].splitlines()
    return tuple(line.strip() for line in lines if line.strip())[:4]
