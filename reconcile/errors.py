"""Refusals of the verbs: what a person asked for cannot be done now, and what to do instead."""


class Refusal(Exception):  # noqa: N818 - a refusal is what an accountant calls it; nothing broke.
    """Base of all refusals; each class writes its sentence from its arguments."""
