"""What can go wrong for a user, said in one sentence that can be translated."""

from __future__ import annotations


class LMGlassboxError(Exception):
    """Something a user can meet, saying what happened and what to do; the app shows it as it is.

    The message is an English template with named {fields}, so that an interface can translate the template
    and fill the fields in afterwards: `str(error) == error.template.format(**error.fields)`.
    """

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template)
        self.template = template
        self.fields = fields

    def __str__(self) -> str:
        return self.template.format(**self.fields)


class InputError(LMGlassboxError):
    """What the reader typed cannot be answered as it stands."""


class CheckpointError(LMGlassboxError):
    """A checkpoint's folder cannot be read, or holds another model than it says."""


class HubError(LMGlassboxError):
    """A checkpoint could not be fetched from the hub."""


class TrainingError(LMGlassboxError):
    """A training could not go on."""
