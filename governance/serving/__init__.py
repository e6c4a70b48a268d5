"""The web server: it reads a whole request before Django sees it.

A thread runs one request at a time, so a visitor who sends a body byte by byte must not hold one. The event loop
collects the body, within a least rate, and only then hands the request to a thread.

`application.py` (rules): the entry point for granian; runs Django's WSGI application in a pool of threads.
`bodies.py` (rules): read a request body within its limits of size and time.
`__main__.py` (rules): `python -m governance.serving`, for the image.
`fairness.py` (rules): give the threads to addresses in turn, so that one with many requests delays only itself.
`shares.py` (rules): count what each address holds of a process at one moment, and refuse more than its share.
`command.py` (rules): the command line that starts granian.
"""
