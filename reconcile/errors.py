"""Refusals of the verbs: what a person asked for cannot be done now, and what to do instead."""


class Refusal(Exception):
    """Base of all refusals; each class writes its sentence from its arguments."""
