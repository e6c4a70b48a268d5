"""Attacks on a throw-away platform with the settings of docker-compose.yml; `make attack` runs them all.

They talk to this machine only, are bounded in number and time, and end automatically. docs/security.md says what each
one shows.

`__main__.py`: run the attacks and print one table.
`scene.py`: what the sweeps look for, made in the platform's database by a process of its own.
`payload.py`: the text that must never reach a page unescaped.
`visitors.py`: browsers without a screen, and other visitors whose waiting times are measured.
`sweeps.py`: other districts, complaints, and payloads in all text columns.
`floods.py`: half-sent bodies, picture and sheet bombs.
`guesses.py`: passwords and codes.
`kills.py`: kill -9 of each part under load, and a database that drops its connections.
"""
