"""Accounts: log in and out, change a password, issue API tokens.

`demo_accounts.py` (kinds): accounts of the demo district.
`known_browsers.py` (rules): remember in a signed cookie which names have logged in with a browser.
`login_limits.py` (rules): limits on wrong passwords by name, address and browser.
"""
