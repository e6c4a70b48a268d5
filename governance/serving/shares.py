"""Count what each address holds of a process at one moment, and refuse more than its share."""

from collections import Counter
from types import TracebackType


class Refused(Exception):
    """The request is not taken any further; `status` is the answer's status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Shares:
    """Amounts held at this moment: at most `each` by one address, and `total` by all.

    Used in the event loop only, so that no lock is needed.
    """

    def __init__(self, each: int, total: int) -> None:
        self.each, self.total = each, total
        self.held: Counter[str] = Counter()
        self.sum = 0

    def of(self, address: str, amount: int = 0) -> "Share":
        """The share of one request, to be used in a `with` block; it begins with this amount."""
        return Share(self, address, amount)


class Share:
    """The amount that one request holds; it is given back at the end of the `with` block."""

    def __init__(self, shares: Shares, address: str, amount: int) -> None:
        self.shares, self.address, self.amount = shares, address, 0
        self.more(amount)

    def more(self, amount: int) -> None:
        """Hold this much more. Raises Refused with 429 above the share of the address, and with 503 above the total."""
        if self.shares.held[self.address] + amount > self.shares.each:
            raise Refused(429)
        if self.shares.sum + amount > self.shares.total:
            raise Refused(503)
        self.amount += amount
        self.shares.held[self.address] += amount
        self.shares.sum += amount

    def __enter__(self) -> "Share":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        left = self.shares.held[self.address] - self.amount
        self.shares.sum -= self.amount
        self.amount = 0
        if left:
            self.shares.held[self.address] = left
        else:
            del self.shares.held[self.address]
