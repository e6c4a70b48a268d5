"""Sweeps over all addresses: by another district, by the line of a complaint, and with payloads in all texts."""

import json
from typing import Any

from tests.production import Production
from tools.attack.payload import RAW
from tools.attack.visitors import Browser, Result

MOST_SHOWN = 5  # failures of one sweep that the table names


def scene(stack: Production, *arguments: str, samples: Any = None) -> dict[str, Any]:
    """Take one step of scene.py in a process with the settings of the platform; returns what it prints."""
    told = stack._python("-m", "tools.attack.scene", *arguments, given=json.dumps(samples))
    return json.loads(told.splitlines()[-1])


def isolation(stack: Production, found: dict[str, Any]) -> Result:
    """All addresses of one district by a member, an administrator and a token of another one."""
    tried, failures = 0, []
    bearer = {"Authorization": f"Bearer {stack.tokens['neighbour']}"}
    for name in ("county", "admin"):
        browser = Browser(stack).log_in(f"beta-{name}")
        for route in (route for route in found["routes"] if route["hidden"]):
            for headers in ({}, bearer):
                allowed = {401, 405} if route["api"] else {404, 405}
                for ask in (browser.get, browser.post):
                    status = ask(route["path"], headers=headers).status_code
                    tried += 1
                    if status not in allowed:
                        failures.append(f"{name} {ask.__name__} {route['name']}: {status}")
    return Result("isolation of districts", tried, tuple(failures[:MOST_SHOWN]))


def sealed(stack: Production, swept: dict[str, Any], units: tuple[str, ...]) -> Result:
    """All addresses by everybody in the line of an accused unit: nothing of the complaint appears."""
    tried, failures = 0, []
    for unit in units:
        found = scene(stack, "sealed", unit, samples=swept["samples"])
        for name in found["line"]:
            browser = Browser(stack).log_in(f"alpha-{name}")
            headers = {"Authorization": f"Bearer {stack.tokens[name]}"}
            for route in (route for route in swept["routes"] if route["hidden"]):
                answer = browser.get(route["path"], headers=headers if route["api"] else {})
                said = answer.text.replace(route["path"], "")
                tried += 1
                failures += [f"{name} {route['name']}: {word}" for word in found["hidden"] if word in said]
    return Result("sealed complaints", tried, tuple(failures[:MOST_SHOWN]), f"{len(units)} units")


def payloads(stack: Production, swept: dict[str, Any], names: tuple[str, ...]) -> Result:
    """All pages with a payload in every text column: no page shows it unescaped, none fails."""
    found, tried, failures = scene(stack, "payloads"), 0, []
    for name in names:
        browser = Browser(stack)
        if name:
            browser.log_in(f"alpha-{name}")
        for route in swept["routes"]:
            headers = {"Authorization": f"Bearer {stack.tokens[name or 'county']}"} if route["api"] else {}
            answer = browser.get(route["path"], headers=headers)
            tried += 1
            html = answer.headers.get("Content-Type", "").startswith("text/html")
            if answer.status_code >= 500 or (html and RAW in answer.text):
                failures.append(f"{name or 'public'} {route['name']}: {answer.status_code}")
    return Result("payloads in texts", tried, tuple(failures[:MOST_SHOWN]), f"{found['columns']} columns")
