"""Numbers of things in English sentences.

>>> counted(1, "working day"), counted(3, "working day"), counted(2, "person", "people")
('1 working day', '3 working days', '2 people')
"""


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number with its noun, in the plural but for one."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"
