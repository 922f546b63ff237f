"""Text of people many at a time: it is that of each person by itself, and never of one who must not be written."""

from hypothesis import given
from hypothesis import strategies as st

from formats.errors import FormatError
from formats.mt102_message import Mt102Item
from formats.mt102_text import plain_text
from formats.mt102_writing import body, item_text
from tests.formats import messages, odd_values


def people() -> st.SearchStrategy[Mt102Item]:
    """People of the usual form but for one or two values."""
    odd = st.sampled_from([(name, value) for name, values in odd_values.ITEMS.items() for value in values])
    pairs = st.lists(odd, min_size=1, max_size=2)
    return st.tuples(messages.people(plain=True), pairs).map(
        lambda both: Mt102Item(**both[0]._asdict() | dict(both[1]))
    )


def _by_itself(one: Mt102Item) -> str | None:
    try:
        return "".join(body([one]))
    except FormatError:
        return None


@given(people() | messages.people(plain=True), people() | messages.people(plain=True), st.integers(1, 3))
def test_people_written_at_once_are_those_written_one_by_one(one: Mt102Item, other: Mt102Item, times: int) -> None:
    for chunk in ([one], [one, other], [one, *[other] * times, one]):
        text = plain_text(chunk)
        if text:
            assert text == "".join(map(item_text, chunk))
            assert None not in list(map(_by_itself, chunk))


def test_people_of_the_usual_form_are_written_at_once() -> None:
    assert plain_text(messages.PEOPLE) == "".join(map(item_text, messages.PEOPLE))
