"""The one command of the science: `python -m lm_core --help` lists what it does."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from lm_core.errors import LMGlassboxError


@dataclass(frozen=True)
class Command:
    """What one subcommand runs."""

    module: str  # has `add_arguments(parser)` and `main(options)`; it is imported only when it is asked for
    purpose: str  # a line in the list of subcommands


COMMANDS: Mapping[str, Command] = {
    "pretrain": Command("lm_core.training.pretrain", "train a BERT on plain text, or continue such a run"),
    "evaluate": Command("lm_core.training.evaluation", "ask a checkpoint about held-out text"),
    "measure dependencies": Command("lm_core.measured.dependencies", "which heads follow which relation of grammar"),
    "measure minimal-pairs": Command(
        "lm_core.measured.minimal_pairs", "how often the grammatical sentence is preferred"
    ),
    "measure next-sentences": Command("lm_core.measured.next_sentence_test", "what fools the next-sentence head"),
    "measure recording": Command("lm_core.measured.recording", "the film of a run with --keep-checkpoints"),
}
"""Each subcommand by its words."""

_PROGRAM = "python -m lm_core"


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what a command line asks for.

    Args:
        arguments: the words after `python -m lm_core`; by default those of this process.

    Raises:
        LMGlassboxError: it cannot be done; the message says why, and what to do.
    """
    chosen, rest = _menu().parse_known_args(arguments)
    command = import_module(COMMANDS[chosen.command].module)
    parser = argparse.ArgumentParser(prog=f"{_PROGRAM} {chosen.command}", description=command.main.__doc__)
    command.add_arguments(parser)
    options = parser.parse_args(rest)
    if chosen.command.startswith("measure "):
        import torch

        # One sentence is too little to share: on a busy machine two threads wait for each other, ten times as long.
        torch.set_num_threads(1)
    command.main(options)


def _menu() -> argparse.ArgumentParser:
    """The words of each subcommand; what follows them is read by a parser of its own, since it takes an import."""
    menu = argparse.ArgumentParser(prog=_PROGRAM, description="The science of LM Glassbox, from the command line.")
    choices = menu.add_subparsers(metavar="COMMAND", required=True)
    groups = {"": choices}
    for name, command in COMMANDS.items():
        group, _, word = name.rpartition(" ")
        if group not in groups:
            purpose = "what is measured once, and kept beside the weights"
            parser = choices.add_parser(group, help=purpose, description=f"{purpose.capitalize()}.")
            groups[group] = parser.add_subparsers(metavar="WHAT", required=True)
        # It has no --help of its own: that is for the parser which knows the options.
        groups[group].add_parser(word, help=command.purpose, add_help=False).set_defaults(command=name)
    return menu


if __name__ == "__main__":
    try:
        main()
    except LMGlassboxError as error:
        sys.exit(str(error))
    if "RANK" in os.environ:
        # Gloo's threads outlive their group, and now and then abort a process whose interpreter is taken down around
        # them (pytorch/pytorch#179291). All is written by now, so the process ends without that.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
