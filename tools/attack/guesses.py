"""Guesses of passwords and of the codes of tickets: how many a visitor gets, and that others are not shut out."""

from tests.production import Production
from tools.attack.visitors import Browser, Result

GUESSER, OWNER = "203.0.113.50", "198.51.100.50"


def passwords(stack: Production, count: int) -> Result:
    """Wrong passwords on one name, then on many names; the person still logs in from the own address."""
    browser, checked = Browser(stack, GUESSER), 0
    for n in range(count):
        name = "alpha-head" if n < count // 2 else f"nobody-{n}"
        answer = browser.post("/login/", {"username": name, "password": f"wrong-{n}"})
        checked += answer.status_code == 400
    failures = [f"{checked} passwords were checked for one address"] if checked > 34 else []
    try:
        Browser(stack, OWNER).log_in("alpha-head")
    except RuntimeError as error:
        failures.append(str(error))
    return Result("guessed passwords", count, tuple(failures), f"{checked} checked")


def codes(stack: Production, count: int) -> Result:
    """Wrong codes on one ticket from one address, then from many; the reporter still opens it."""
    number, code = _ticket(stack)
    wrong = "22222222" if code != "22222222" else "33333333"
    guesser, checked = Browser(stack, GUESSER), 0
    for _ in range(count):
        checked += _open(guesser, number, wrong) == 404
    spread = sum(
        _open(Browser(stack, f"203.0.113.{n}"), number, wrong) == 404 for n in range(60, 160) for _ in "123"
    )
    failures = [f"{checked} codes were checked for one address"] if checked > 10 else []
    if spread > 50 * 3 + 50 * 2:
        failures.append(f"{spread} codes were checked for a hundred addresses")
    if _open(Browser(stack, OWNER), number, code) != 200:
        failures.append("the reporter is shut out")
    return Result("guessed codes", count + 300, tuple(failures), f"{checked} + {spread} checked")


def _open(browser: Browser, number: str, code: str) -> int:
    return browser.get("/alpha/track/", params={"number": number, "code": code}).status_code


def _ticket(stack: Production) -> tuple[str, str]:
    """The number and the code of a new ticket."""
    body = {
        "client_id": "6c1a6a3c-6f4b-4f66-9d9c-1f0f7f1d2a11",
        "text": "漏水",
        "area": stack.tokens["_areas"]["lane"],
    }
    made = stack.call("clerk", "POST", "tickets/", {**body, "reporter": {"name": "钱居民"}}).json()
    return made["number"], made["track_url"].rpartition("code=")[2]
