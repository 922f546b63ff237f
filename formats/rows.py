r"""The rows of a decoded text, block by block in flat memory, with the number of each: what the MT readers walk over.

Rows end with CR LF, LF or CR alone, the last one also without an end. A reader looks at the next row before it takes
it, and may take many rows at once as a slice when it knows their shape.

>>> rows = Rows(["{1:", "F01}\r\n{4", ":\r-}"], "bank.txt")
>>> [rows.take(), rows.peek(), rows.number, rows.take(), rows.take(), rows.take()]
['{1:F01}', '{4:', 2, '{4:', '-}', None]
"""

from collections.abc import Iterable

from formats.errors import Code, Fault, FormatError

ROW_MAX = 1 << 20
"""Characters of a row: a file without line ends must not fill the memory."""


class Rows:
    """The rows of a text in order; `number` is that of the next one, counted from 1."""

    def __init__(self, texts: Iterable[str], source: str) -> None:
        """Begin before the first row of the file named `source`."""
        self._texts = iter(texts)
        self._source = source
        self._rows: list[str] = []
        self._next = 0
        self._before = 0
        self._tail = ""
        self._is_over = False

    @property
    def number(self) -> int:
        """The number of the next row."""
        return self._before + self._next + 1

    def peek(self) -> str | None:
        """The next row without taking it; None at the end.

        Raises FormatError for a row longer than ROW_MAX, and whatever the decoding of the text raises.
        """
        if self._next < len(self._rows) or self._fill():
            return self._rows[self._next]
        return None

    def take(self) -> str | None:
        """The next row; None at the end."""
        row = self.peek()
        self._next += row is not None
        return row

    def put_back(self, row: str) -> None:
        """Let `row`, which is the rest of the row taken last, be the next one, under the same number."""
        self._next -= 1
        self._rows[self._next] = row

    def block(self) -> tuple[list[str], int]:
        """The rows held and the place of the next one among them; they are not to be changed."""
        return self._rows, self._next

    def skip(self, count: int) -> None:
        """Take so many rows of the block at once."""
        self._next += count

    def _fill(self) -> bool:
        """Hold the next block of whole rows; no rows are left when it says False."""
        while not self._is_over:
            text = next(self._texts, None)
            if text is None:
                self._is_over = True
                self._hold(_rows(self._tail) if self._tail else [])
            else:
                self._split(self._tail + text)
            if self._rows:
                return True
        return False

    def _split(self, text: str) -> None:
        """Hold the whole rows of the text; what has no end yet waits."""
        # A carriage return at the very end may be half of a line end.
        end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
        self._tail = text[end:]
        self._hold(_rows(text[:end]) if end else [])
        if len(text) > ROW_MAX:
            lengths = map(len, (*self._rows, self._tail))
            number = next((number for number, length in enumerate(lengths, 1) if length > ROW_MAX), 0)
            if number:
                raise FormatError(self._source, [_too_long(self._before + number)])

    def _hold(self, rows: list[str]) -> None:
        self._before += len(self._rows)
        self._rows = rows
        self._next = 0


def _rows(text: str) -> list[str]:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removesuffix("\n").split("\n")


def _too_long(number: int) -> Fault:
    return Fault(
        code=Code.LINE_TOO_LONG,
        line=number,
        place="line",
        found="more than 1 MiB without a line end",
        expected="a short line",
        remedy="look whether this is the right file, and whether its lines end",
    )
