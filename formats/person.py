"""Who signs a document."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who signs, and as what."""

    full_name: str
    position_kk: str
    position_ru: str
