"""What payment messages of ISO 20022 share: parties, accounts, agents, purposes and regulatory details.

pacs.008, pacs.004, pacs.002, pain.001 and pain.002 name them alike in all versions; BIC became BICFI and BICOrBEI
became AnyBIC in version .03 of pacs and in .08 of pain, and the first version knows other identifications. What is not
read here, a postal address for one, is kept in `other` with its path and noted.

>>> from lxml import etree
>>> from formats.errors import Findings
>>> found = etree.fromstring('<Cdtr xmlns="urn:x"><Nm>ПРИМЕРОВА АННА</Nm><Id><PrvtId><Othr><Id>850515499983</Id></Othr>'
...     '</PrvtId></Id></Cdtr>')
>>> party = read_party(Node(found, Findings("march.xml")))
>>> party.name, party.kind, party.number
('ПРИМЕРОВА АННА', 'person', '850515499983')
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from formats.errors import RESEND, Code
from formats.mx_nodes import Node
from formats.mx_write import Part, element

Kind = Literal["", "organisation", "person"]
Others = tuple[tuple[str, str], ...]
"""What was read and has no field: the path below the element, and the text."""

ID_MAX = 35
_KINDS: dict[Kind, str] = {"organisation": "OrgId", "person": "PrvtId"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A choice between a code of the ISO lists (Cd) and a code agreed otherwise (Prtry); one of the two is given."""

    code: str = ""
    proprietary: str = ""

    @property
    def text(self) -> str:
        """The code, whoever gave it."""
        return self.code or self.proprietary


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A number of a party or an agent (Othr): an IIN or BIN, with the scheme that says so (SchmeNm) and its issuer."""

    number: str
    scheme: Coded | None = None
    issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """Date and place of birth (DtAndPlcOfBirth), which the message takes only together with a city and a country."""

    day: date
    city: str
    country: str
    province: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who pays or is paid: Dbtr, Cdtr, UltmtDbtr, UltmtCdtr, InitgPty; '' and None where the message gives nothing."""

    name: str = ""
    kind: Kind = ""
    identifiers: tuple[Identifier, ...] = ()
    bic: str = ""
    birth: Birth | None = None
    residence: str = ""
    other: Others = ()

    @property
    def number(self) -> str:
        """The first number of the party, its IIN or BIN; '' when it has none."""
        return self.identifiers[0].number if self.identifiers else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account: an IBAN, or another number (Othr), and its currency where one is given."""

    iban: str = ""
    number: str = ""
    currency: str = ""
    other: Others = ()

    @property
    def text(self) -> str:
        """The IBAN or the other number."""
        return self.iban or self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A bank: BIC (BICFI, formerly BIC), number in a clearing system (ClrSysMmbId), name, other number, branch."""

    bic: str = ""
    member: str = ""
    name: str = ""
    identifier: Identifier | None = None
    branch: str = ""
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatoryDetail:
    """One detail for an authority (RgltryRptg/Dtls): of which type, a code, and texts of at most 35 characters."""

    type: str = ""
    code: str = ""
    information: tuple[str, ...] = ()
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatoryReport:
    """Details for an authority (RgltryRptg) on the side that the indicator says: DEBT, CRED, BOTH or ''."""

    indicator: str = ""
    details: tuple[RegulatoryDetail, ...] = ()
    other: Others = ()


def read_id(node: Node, *paths: str, required: bool = False) -> str:
    """An identification of at most 35 characters; a fault when it is longer, or when it is required and lacking."""
    text = node.required(*paths) if required else node.text(*paths)
    if len(text) > ID_MAX:
        place = next((path for path in paths if node.has(path)), paths[0])
        node.fault(Code.VALUE, place, text, f"at most {ID_MAX} characters, not {len(text)}", RESEND)
    return text


def read_moment(node: Node, path: str) -> str:
    """The moment at the path as it is written; a fault when there is none."""
    text = node.moment(path)
    if not text and not node.has(path):
        node.missing(path)
    return text


def read_coded(node: Node, path: str) -> Coded | None:
    """The choice at the path, None when nothing stands there; the first versions wrote the code without Cd."""
    code, proprietary = node.text(f"{path}/Cd", path), node.text(f"{path}/Prtry")
    return Coded(code=code, proprietary=proprietary) if code or proprietary else None


def read_party(node: Node | None) -> Party | None:
    """The party of an element; in pacs.004 and pain.002 it may stand in Pty."""
    if node is None:
        return None
    inner = node.node("Pty") or node
    kind: Kind = "person" if inner.has("Id/PrvtId") else "organisation" if inner.has("Id/OrgId") else ""
    numbers = [_identifier(one) for path in ("Id/OrgId/Othr", "Id/PrvtId/Othr") for one in inner.nodes(path)]
    birth, rest = _birth(inner.node("Id/PrvtId/DtAndPlcOfBirth"))
    rests = (rest, *(one for _, one in numbers), node.other() if inner is not node else ())
    return Party(
        name=inner.text("Nm"),
        kind=kind,
        identifiers=tuple(one for one, _ in numbers),
        bic=inner.text("Id/OrgId/AnyBIC", "Id/OrgId/BICOrBEI", "Id/OrgId/BIC"),
        birth=birth,
        residence=inner.text("CtryOfRes"),
        other=(*inner.other(), *(pair for one in rests for pair in one)),
    )


def read_account(node: Node | None) -> Account | None:
    """The account of an element, None when there is no such element."""
    if node is None:
        return None
    return Account(
        iban=node.text("Id/IBAN"),
        number=node.text("Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN"),
        currency=node.text("Ccy"),
        other=node.other(),
    )


def read_agent(node: Node | None) -> Agent | None:
    """The bank of an element, None when there is no such element."""
    if node is None:
        return None
    found = node.node("FinInstnId/Othr")
    identifier, rest = _identifier(found) if found else (None, ())
    return Agent(
        bic=node.text("FinInstnId/BICFI", "FinInstnId/BIC", "FinInstnId/CmbndId/BIC"),
        member=node.text("FinInstnId/ClrSysMmbId/MmbId"),
        name=node.text("FinInstnId/Nm"),
        identifier=identifier,
        branch=node.text("BrnchId/Id"),
        other=(*node.other(), *rest),
    )


def read_regulatory(node: Node) -> tuple[RegulatoryReport, ...]:
    """All RgltryRptg of an element; in the first version its details were RgltryDtls."""
    return tuple(
        RegulatoryReport(
            indicator=one.text("DbtCdtRptgInd"),
            details=tuple(_detail(detail) for detail in (*one.nodes("Dtls"), *one.nodes("RgltryDtls"))),
            other=one.other(),
        )
        for one in node.nodes("RgltryRptg")
    )


def _identifier(node: Node) -> tuple[Identifier, Others]:
    found = Identifier(number=node.required("Id"), scheme=read_coded(node, "SchmeNm"), issuer=node.text("Issr"))
    return found, node.other()


def _birth(node: Node | None) -> tuple[Birth | None, Others]:
    if node is None:
        return None, ()
    day = node.day("BirthDt")
    if day is None and not node.has("BirthDt"):
        node.missing("BirthDt")
    city, country, province = node.text("CityOfBirth"), node.text("CtryOfBirth"), node.text("PrvcOfBirth")
    return Birth(day=day or date.min, city=city, country=country, province=province), node.other()


def _detail(node: Node) -> RegulatoryDetail:
    return RegulatoryDetail(
        type=node.text("Tp"), code=node.text("Cd"), information=node.texts("Inf"), other=node.other()
    )


def coded_element(name: str, coded: Coded | None) -> Part | None:
    """The element of a choice, None when there is nothing to write."""
    if coded is None:
        return None
    return element(name, element("Cd", coded.code), element("Prtry", coded.proprietary))


def day_element(name: str, day: date | None) -> Part | None:
    """The element of a day, None when there is none."""
    return element(name, "" if day is None else day.isoformat())


def party_element(name: str, party: Party | None, wrapper: str = "") -> Part | None:
    """The element of a party, None when there is nothing to write; `wrapper` is Pty where a message asks for it."""
    if party is None:
        return None
    numbers = [_identifier_element(one) for one in party.identifiers]
    identified: Part | None = None
    if party.kind:
        identified = element(_KINDS[party.kind], element("AnyBIC", party.bic), _birth_element(party.birth), *numbers)
    inner = (element("Nm", party.name), element("Id", identified), element("CtryOfRes", party.residence))
    return element(name, element(wrapper, *inner)) if wrapper else element(name, *inner)


def account_element(name: str, account: Account | None) -> Part | None:
    """The element of an account, None when there is nothing to write."""
    if account is None:
        return None
    number = element("Othr", element("Id", account.number))
    return element(name, element("Id", element("IBAN", account.iban), number), element("Ccy", account.currency))


def agent_element(name: str, agent: Agent | None) -> Part | None:
    """The element of a bank, None when there is nothing to write."""
    if agent is None:
        return None
    institution = element(
        "FinInstnId",
        element("BICFI", agent.bic),
        element("ClrSysMmbId", element("MmbId", agent.member)),
        element("Nm", agent.name),
        _identifier_element(agent.identifier),
    )
    return element(name, institution, element("BrnchId", element("Id", agent.branch)))


def regulatory_elements(reports: tuple[RegulatoryReport, ...]) -> list[Part | None]:
    """The RgltryRptg elements of a transaction."""
    return [
        element(
            "RgltryRptg",
            element("DbtCdtRptgInd", report.indicator),
            *(
                element("Dtls", element("Tp", one.type), element("Cd", one.code), *_texts("Inf", one.information))
                for one in report.details
            ),
        )
        for report in reports
    ]


def remittance_element(lines: tuple[str, ...]) -> Part | None:
    """RmtInf with its unstructured lines, None when there are none."""
    return element("RmtInf", *_texts("Ustrd", lines))


def _texts(name: str, texts: tuple[str, ...]) -> list[Part | None]:
    return [element(name, text) for text in texts]


def _birth_element(birth: Birth | None) -> Part | None:
    if birth is None:
        return None
    return element(
        "DtAndPlcOfBirth",
        day_element("BirthDt", birth.day),
        element("PrvcOfBirth", birth.province),
        element("CityOfBirth", birth.city),
        element("CtryOfBirth", birth.country),
    )


def _identifier_element(identifier: Identifier | None) -> Part | None:
    if identifier is None:
        return None
    return element(
        "Othr",
        element("Id", identifier.number),
        coded_element("SchmeNm", identifier.scheme),
        element("Issr", identifier.issuer),
    )
