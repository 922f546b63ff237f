"""Spellings of one name and names of different people (E72): proposals only, so a doubt counts as different."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.similar_names import same_name, similarity, words_of

SAME = [
    ("Серік", "Серик", "і and и"),
    ("Әбілқайырова", "Абилкайырова", "ә, і, қ"),
    ("Әбілқайырова", "Абилкаирова", "йы and и"),
    ("Нұрлан", "Нурлан", "ұ and у"),
    ("Құралай", "Куралай", "қ and ұ"),
    ("Ғалымжан", "Галимжан", "ғ, ы and и"),
    ("Жаңыл", "Жаныл", "ң and н"),
    ("Өмірзақ", "Омирзак", "ө and о"),
    ("Үміт", "Умит", "ү and у"),
    ("Жиһангер", "Жихангер", "һ and х"),
    ("Хәкім", "Хаким", "хә and ха"),
    ("Алёна", "Алена", "ё and е"),
    ("Эльмира", "Елмира", "э and е, a soft sign"),
    ("Гүлнәр", "Гульнар", "a soft sign for a soft vowel"),
    ("Айгүл", "Айгюль", "ю for ү"),
    ("Әлия", "Алья", "ия and ья"),
    ("Мұхаммед", "Мухамед", "doubled letters"),
    ("Джамбыл", "Жамбыл", "дж and ж"),
    ("ТӨЛЕГЕН", "Толеген", "capitals"),
    ("Сериков Нурлан", "Нұрлан Серіков", "the order of words"),
    ("Ахметова Әсел Серікқызы", "АХМЕТОВА АСЕЛ СЕРИККЫЗЫ", "қызы and кызы"),
    ("Ахметова Әсел Серікқызы", "Ахметова Асел Сериковна", "қызы and -овна"),
    ("Ахметов Болат Серікұлы", "Ахметов Болат Серикович", "ұлы and -ович"),
    ("Ахметов Болат Серікұлы", "Ахметов Болат Серикулы", "ұлы and улы"),
    ("Сергеев Олег Сергейұлы", "Сергеев Олег Сергеевич", "й falls before -евич"),
    ("Ахметов Болат Абай ұлы", "Ахметов Болат Абаевич", "ұлы written apart"),
    ("Ахметов Болат Серікұлы", "Ахметов Болат", "no patronymic on one side"),
    ("Ахметов Б. С.", "Ахметов Болат Серікұлы", "initials"),
    ("Ахметов Б.С.", "Болат Серикович Ахметов", "initials without a space, other order"),
    ("Б. Ахметов", "Ахметов Болат Серікұлы", "one initial, no patronymic"),
    ("CEPIK", "СЕРІК", "Latin look-alikes in full"),
    ("Cерик Aхметов", "Серік Ахметов", "Latin first letters"),
    ("Ќұралай", "Құралай", "CP1251 read for KZ-1048"),
    ("Јбілќайырова", "Әбілқайырова", "ј and ќ of CP1251"),
    ("Иванова-Петрова Анна", "Анна Иванова Петрова", "a hyphen"),
    ("Ибраев  Данияр", " ибраев данияр ", "spaces"),
    ("Наталья", "Наталия", "ья and ия"),
    ("Қыдырәлі", "Кыдырали", "ы kept in both"),
    ("Тәңірберген", "Танирберген", "ә, ң, і"),
    ("Жұмабекова Гүлжан Ерланқызы", "ГУЛЬЖАН ЕРЛАНОВНА ЖУМАБЕКОВА", "everything at once"),
]

DIFFERENT = [
    ("Ыбырай", "Ибрагим", "two names of one root"),
    ("Нұрлан", "Нұржан", "brothers, one letter"),
    ("Ахметов Нұрлан", "Ахметов Нұржан", "brothers with their surname"),
    ("Айжан", "Айнұр", "one beginning"),
    ("Иванов Валентин", "Иванова Валентина", "a man and a woman"),
    ("Ахметов Серік", "Ахметова Серік", "the surname of a woman"),
    ("Ахметов Болат Серікұлы", "Ахметова Болат Серікқызы", "a son and a daughter"),
    ("Ахметова Әсел Серікқызы", "Ахметова Әсел Болатқызы", "another father"),
    ("Ахметов Болат", "Серіков Болат", "another surname"),
    ("Ахметов", "Ахметов Болат", "the surname alone says too little"),
    ("А. Б.", "Ахметов Болат", "initials alone say too little"),
    ("Ахметов Б.", "Ахметов Серік", "an initial of another name"),
    ("Болат", "Болатұлы", "a name and a patronymic of it"),
    ("Жұмабекова", "Жұмабаева", "surnames of one root"),
    ("Ахметов Болат Серікұлы Абай", "Ахметов Болат", "two words more"),
    ("Асан", "Хасан", "a letter before"),
    ("", "Ахметов", "nothing"),
    ("", "", "nothing twice"),
    ("...", "-", "no letters"),
]


@pytest.mark.parametrize(("a", "b", "why"), SAME)
def test_two_spellings_are_one_name(a: str, b: str, why: str) -> None:
    assert same_name(a, b), (why, words_of(a), words_of(b))
    assert similarity(a, b) >= 80, why


@pytest.mark.parametrize(("a", "b", "why"), DIFFERENT)
def test_other_names_are_not_taken_for_spellings(a: str, b: str, why: str) -> None:
    assert not same_name(a, b), (why, words_of(a), words_of(b))
    assert similarity(a, b) < 100, why


def test_what_is_nearer_ranks_higher() -> None:
    ours = "Әбілқайырова Құралай Серікқызы"
    ranked = [
        "Абилкаирова Куралай Сериковна",
        "Абилкаирова Куралай",
        "Абилкаирова Куралай Болатовна",
        "Абилкаирова Айжан Болатовна",
        "Ким Олег",
    ]
    scores = [similarity(ours, theirs) for theirs in ranked]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    assert scores[0] == 100


WORDS = st.text(alphabet="АБЕИКНОРСТӘҒҚҢӨҰҮҺІАЙЫЭЁЯЮЬ", min_size=1, max_size=8)
NAMES = st.lists(WORDS, max_size=8)


@given(NAMES, NAMES, st.randoms(use_true_random=False))
def test_the_answer_depends_on_neither_side_nor_order(a: list[str], b: list[str], random: object) -> None:
    one, other = " ".join(a), " ".join(b)
    shuffled = list(a)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert similarity(one, other) == similarity(other, one) == similarity(" ".join(shuffled), other)
    assert same_name(one, other) == same_name(other, one) == same_name(" ".join(shuffled), other)
    assert 0 <= similarity(one, other) <= 100


@given(NAMES, NAMES)
def test_a_hundred_is_said_of_equal_words_only(a: list[str], b: list[str]) -> None:
    one, other = " ".join(a), " ".join(b)
    equal = words_of(one) == words_of(other) != ()
    assert (similarity(one, other) == 100) == equal
