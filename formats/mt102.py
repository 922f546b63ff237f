"""MT-102: one payment to one bank with a list of people (R-050, R-052).

The head once, for each person :21:, :32B: and :70: with /FM/ /NM/ /FT/ /IDN/ /LA/, at the end :32A: with the total.
All layouts with people are one message here: pension and social contributions (/OPV/), crediting by list, benefits of
the State Corporation, its returns of single people with an /ASSIGN/ each, returns of banks, and the layout of before
2013 with RNN, MFO and //FM/. The total must be the sum of the people (E41), their numbers must differ (E42), amounts
have a comma and two digits (E48). Ordinary payments packed together (mt102_packed) and utility payments
(mt102_utilities) are messages of their own.
"""

from formats.mt102_message import Layout, Mt102, Mt102Header, Mt102Item
from formats.mt102_reading import read
from formats.mt102_writing import body, head, tail, write
from formats.mt_parts import Party

__all__ = ["Layout", "Mt102", "Mt102Header", "Mt102Item", "Party", "body", "head", "read", "tail", "write"]
