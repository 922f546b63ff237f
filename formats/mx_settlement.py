"""What the group headers (GrpHdr) of pacs.008 and pacs.004 share: who settles how much, when and by which system."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from formats.mx_nodes import Amount, Node
from formats.mx_parts import (
    Agent,
    Coded,
    Others,
    agent_element,
    coded_element,
    day_element,
    read_agent,
    read_coded,
    read_id,
    read_moment,
)
from formats.mx_proof import money_element, stated_count
from formats.mx_write import Part, element


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Count and sums as stated; `total` is the sum between the banks and `control_sum` CtrlSum, None where not given.

    `created` is the moment as it is written.
    """

    message_id: str
    created: str
    count: int
    settlement_method: str
    control_sum: int | None = None
    total: Amount | None = None
    settlement_date: date | None = None
    clearing_system: Coded | None = None
    instructing_agent: Agent | None = None
    instructed_agent: Agent | None = None
    other: Others = ()


def read_settlement(node: Node, total: str) -> dict[str, Any]:
    """The fields of a group header whose sum between the banks stands in the element `total`; `other` is not read."""
    return {
        "message_id": read_id(node, "MsgId", required=True),
        "created": read_moment(node, "CreDtTm"),
        "count": stated_count(node),
        "settlement_method": node.required("SttlmInf/SttlmMtd"),
        "control_sum": node.total("CtrlSum"),
        "total": node.amount(total),
        "settlement_date": node.day("IntrBkSttlmDt"),
        "clearing_system": read_coded(node, "SttlmInf/ClrSys"),
        "instructing_agent": read_agent(node.node("InstgAgt")),
        "instructed_agent": read_agent(node.node("InstdAgt")),
    }


def settlement_element(header: Settlement, total: str, *before_total: Part | None) -> Part | None:
    """The group header; what a message has besides stands before its sum between the banks."""
    system = coded_element("ClrSys", header.clearing_system)
    return element(
        "GrpHdr",
        element("MsgId", header.message_id),
        element("CreDtTm", header.created),
        element("NbOfTxs", str(header.count)),
        money_element("CtrlSum", header.control_sum),
        *before_total,
        money_element(total, header.total),
        day_element("IntrBkSttlmDt", header.settlement_date),
        element("SttlmInf", element("SttlmMtd", header.settlement_method), system),
        agent_element("InstgAgt", header.instructing_agent),
        agent_element("InstdAgt", header.instructed_agent),
    )
