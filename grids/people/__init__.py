"""People and their posts.

`services.py` (actions): service accounts: programs with a name and a post of their own, that work by token only.
`service_views.py` (views): settings page of service accounts.
`records.py` (actions): create members and posts; checks the data, not the rights.
"""
