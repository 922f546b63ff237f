"""MT-102 to write: what would not be read back is refused with all its faults; purposes break between words."""

from dataclasses import replace
from datetime import date

import pytest

from formats import mt102, mt102_reading
from formats.errors import FormatError
from formats.mt import Header
from formats.mt102 import Mt102, Mt102Header
from tests.formats import messages, odd_values

UNWRITABLE_ITEMS = [
    ({"surname": "А/Б"}, "surname", "a slash would be read as a subfield"),
    ({"surname": "А{Б"}, "surname", "a brace would be changed"),
    ({"first_name": "А}Б"}, "first name", "a brace would be changed"),
    ({"first_name": ":А"}, "first name", "a colon at the start ends a field"),
    ({"patronymic": "-А"}, "patronymic", "a dash at the start may end the message"),
    ({"patronymic": "А\nБ"}, "patronymic", "a second line is another field"),
    ({"surname": "А\r"}, "surname", "a control character"),
    ({"surname": " А"}, "surname", "blanks at the ends are lost"),
    ({"surname": "А "}, "surname", "blanks at the ends are lost"),
    ({"surname": ""}, "surname", "mandatory"),
    ({"first_name": ""}, "first name", "mandatory"),
    ({"surname": "А" * 67}, "surname", "longer than the line"),
    ({"surname": "А\ufffdБ"}, "surname", "a letter lost before"),
    ({"idn": "80010139999"}, "IIN", "eleven digits"),
    ({"idn": "٨00101399997"}, "IIN", "digits of another script"),
    ({"account": "KZ/1"}, "account", "a slash"),
    ({"account": "K" * 35}, "account", "longer than any account"),
    ({"account": "KZ\ud800"}, "account", "half a letter, which no charset has"),
    ({"amount": 0}, "amount", "nothing to pay"),
    ({"amount": -5}, "amount", "a sign"),
    ({"amount": 10**17}, "amount", "more than a message carries"),
    ({"number": -1}, "number", "a sign"),
    ({"number": 10**9}, "number", "ten digits"),
    ({"period": "132023"}, "period", "a thirteenth month"),
    ({"birth_date": date(999, 1, 1)}, "birth date", "a year of three digits"),
    ({"assign": "А/Б"}, "/ASSIGN/", "a slash"),
    ({"surname": "А\u2028Б"}, "surname", "a line end for other readers"),
    ({"other": (("50/XX", "А"),)}, ":50: /XX/", "there is no party to write it under"),
    ({"other": (("59/XX", "А"),)}, ":59: /XX/", "there is no party to write it under"),
    ({"surname": "А" * 40, "changed_surname": "Б" * 26}, "surnames", "both stand on one line"),
]


@pytest.mark.parametrize(("fields", "place", "why"), UNWRITABLE_ITEMS)
@pytest.mark.parametrize("among", [0, 3])
def test_person_that_would_not_be_read_back_is_not_written(
    fields: dict[str, object], place: str, why: str, among: int
) -> None:
    items = list(messages.PEOPLE)
    items[among] = items[among]._replace(**fields)  # type: ignore[arg-type] # made to be wrong
    with pytest.raises(FormatError) as refusal:
        list(mt102.body(items))
    (fault,) = refusal.value.faults
    assert fault.place == f"item {items[among].number}, {place}", why


@pytest.mark.parametrize(
    ("fields", "place", "why"),
    [
        ({"envelope": Header(terminal="K05", message_type="102")}, "blocks 1 and 2", "a terminal of three"),
        ({"reference": "R" * 17}, ":20:", "seventeen characters"),
        ({"reference": "R/1"}, ":20:", "a slash"),
        ({"number": "1234567890"}, ":70: /NUM/", "ten characters"),
        ({"dated": date(1999, 12, 31)}, ":70: /DATE/", "two digits of a year mean this century"),
        ({"value_date": date(2100, 1, 1)}, ":32A: date", "two digits of a year mean this century"),
        ({"vo": "1"}, ":70: /VO/", "one digit"),
        ({"knp": ""}, ":70: /KNP/", "mandatory"),
        ({"pso": ""}, ":70: /PSO/", "mandatory"),
        ({"prt": "5"}, ":70: /PRT/", "one digit"),
        ({"assign": ""}, ":70: /ASSIGN/", "mandatory"),
        ({"assign": "ЗА 03/2024"}, ":70: /ASSIGN/", "a slash"),
        ({"assign": "А" * 63}, ":70: /ASSIGN/", "a word longer than the first line"),
        ({"assign": "А " + "Б" * 71}, ":70: /ASSIGN/", "a word longer than a line"),
        ({"assign": " ".join(["А" * 50] * 8)}, ":70: /ASSIGN/", "eight lines"),
        ({"payer": replace(messages.PAYER, name="А" * 61)}, ":50: /NAME/", "sixty-one characters"),
        ({"payer": replace(messages.PAYER, chief="")}, ":50: /CHIEF/", "mandatory for the payer"),
        ({"payer": replace(messages.PAYER, seco="")}, ":50: /SECO/", "mandatory"),
        ({"beneficiary": replace(messages.BANK, bic="601")}, ":57B:", "no BIC"),
        ({"beneficiary": replace(messages.BANK, account="KZ 1")}, ":59: account", "a blank"),
        ({"beneficiary": replace(messages.BANK, chief="А")}, ":59: officials", "no place for it"),
    ],
)
def test_head_that_would_not_be_read_back_is_not_written(fields: dict[str, object], place: str, why: str) -> None:
    header = Mt102Header(**{**_fields_of(messages.HEADER), **fields})  # type: ignore[arg-type] # made to be wrong
    for write in (mt102.head, lambda one: mt102.write(replace(messages.CREDITING, header=one))):
        with pytest.raises(FormatError) as refusal:
            write(header)
        assert [fault.place for fault in refusal.value.faults] == [place], why


def _fields_of(header: Mt102Header) -> dict[str, object]:
    return {name: getattr(header, name) for name in Mt102Header.__dataclass_fields__}


ODD = [
    *(("head", name, values) for name, values in odd_values.HEADS.items()),
    *(("item", name, values) for name, values in odd_values.ITEMS.items()),
    *((part, name, values) for part in ("payer", "beneficiary") for name, values in odd_values.PARTIES.items()),
]


def with_odd_value(message: Mt102, part: str, name: str, value: object) -> Mt102:
    """The message with one value of its head, a party or its second person made odd."""
    one = {name: value}
    if part == "item":
        people = list(message.items)
        people[1] = people[1]._replace(**one)  # type: ignore[arg-type] # made to be wrong
        return replace(message, items=tuple(people))
    if part != "head":
        one = {part: replace(getattr(message.header, part), **one)}
    return replace(message, header=replace(message.header, **one))  # type: ignore[arg-type] # made to be wrong


@pytest.mark.parametrize(("part", "name", "values"), ODD)
def test_odd_value_is_refused_or_read_back_as_it_is(part: str, name: str, values: list[object]) -> None:
    for value in values:
        message = with_odd_value(messages.CREDITING, part, name, value)
        assert odd_values.comes_back(message, mt102.write, mt102_reading.messages), value


def test_all_faults_of_a_message_to_write_are_reported() -> None:
    items = [messages.PEOPLE[0]._replace(number=number) for number in range(1, 1502)]
    items[3] = items[3]._replace(surname="А/Б")
    items[1500] = items[1500]._replace(number=7, idn="")
    message = Mt102(header=replace(messages.HEADER, knp=""), items=tuple(items))
    with pytest.raises(FormatError) as refusal:
        mt102.write(message)
    places = [fault.place for fault in refusal.value.faults]
    assert places == [":70: /KNP/", "item 4, surname", "item 7, IIN", "item 7, number"]


def test_list_without_people_or_beyond_every_total_is_not_written() -> None:
    with pytest.raises(FormatError, match="at least one"):
        mt102.write(replace(messages.CREDITING, items=()))
    rich = tuple(item._replace(amount=9 * 10**16) for item in messages.PEOPLE)
    with pytest.raises(FormatError, match=":32A: total"):
        mt102.write(replace(messages.CREDITING, items=rich))


@pytest.mark.parametrize(
    ("day", "total", "place"),
    [
        (date(2023, 7, 1), 0, ":32A: total"),
        (date(2023, 7, 1), -1, ":32A: total"),
        (date(2023, 7, 1), 10**17, ":32A: total"),
        (date(1999, 7, 1), 1, ":32A: date"),
    ],
)
def test_end_that_would_not_be_read_back_is_not_written(day: date, total: int, place: str) -> None:
    with pytest.raises(FormatError) as refusal:
        mt102.tail(day, total)
    assert [fault.place for fault in refusal.value.faults] == [place]


@pytest.mark.parametrize(
    ("assign", "rows", "why"),
    [
        ("А" * 62, ["А" * 62], "the first line holds 62"),
        ("А" * 61 + " Б", ["А" * 61, "Б"], "a word moves to the next line whole"),
        ("А " + "Б" * 70 + " В", ["А", "Б" * 70, "В"], "the next lines hold 70"),
        ("А" * 55 + " - Б" + "В" * 20, ["А" * 55 + " -", "Б" + "В" * 20], "no line starts with a dash"),
        ("А" * 50 + " Б" * 3 + "В" * 8 + " :Г", ["А" * 50 + " Б Б", "Б" + "В" * 8 + " :Г"], "nor with a colon"),
        ("А" * 60 + "  Б", None, "two blanks are no place to break, and the word is too long then"),
    ],
)
def test_purpose_is_broken_between_words(assign: str, rows: list[str] | None, why: str) -> None:
    message = replace(messages.CREDITING, header=replace(messages.HEADER, assign=assign))
    if rows is None:
        with pytest.raises(FormatError, match="62 characters"):
            mt102.write(message)
        return
    text = mt102.write(message)
    assert "/ASSIGN/" + "\r\n".join(rows) + "\r\n:21:1" in text, why
    assert mt102.read(text.encode(), "bank.txt") == (message,)
