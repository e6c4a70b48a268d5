"""Access control: log-ins, roles, permissions, API tokens.

`actors.py` (rules): actors: a member with the grants of today's posts, a token, a reporter, or the system.
`backend.py` (views): log-in by name and password.
`last_desk.py` (views): a cookie with the district whose desk this browser opened last; the next log-in leads there.
`middleware.py` (views): middleware: end idle sessions, and run a view in the scope of the tenant in the URL.
`passwords.py` (actions): password rules beyond Django's own (domain.md B10).
`permissions.py` (workflow): the table of all permissions and of the roles that have them.
`policy.py` (rules): permission checks: may this actor do this to this subject?
`secrets.py` (workflow): personal fields: encrypted at rest, found by keyed hash, masked by default.
`tokens.py` (rules): bearer tokens: shown once, hashed at rest.
"""
