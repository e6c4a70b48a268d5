"""Accounts: log in and out, change a password, issue API tokens.

`known_browsers.py` (rules): remember in a signed cookie which names have logged in with a browser.
`login_limits.py` (rules): limits on wrong passwords by name, address and browser.
"""
