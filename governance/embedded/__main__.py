"""Command line: python -m governance.embedded {run, manage, exec, stop}."""

import argparse
import sys

from governance.embedded import run, throw_away
from governance.embedded.directories import Refused


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.call(options)
    except Refused as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m governance.embedded", description=__doc__)
    commands = parser.add_subparsers(required=True)

    everything = commands.add_parser("run", help="run the whole platform")
    everything.add_argument("--follow-parent", action="store_true", help="stop when the parent process ends")
    everything.set_defaults(call=lambda options: run.run(follow_parent=options.follow_parent))

    manage = commands.add_parser("manage", help="run a management command in the running platform")
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    manage.set_defaults(call=lambda options: run.manage(options.arguments))

    execute = commands.add_parser("exec", aliases=["with-servers"], help="run on throw-away servers")
    execute.add_argument("--keep", metavar="NAME", help="leave the servers running, and reuse them")
    execute.add_argument("--system", action="store_true", help="take the packaged PostgreSQL and Redis")
    execute.add_argument("--per-core", action="store_true", help="start one pair of servers for each core")
    execute.add_argument("command", nargs=argparse.REMAINDER)
    execute.set_defaults(call=_exec)

    stop = commands.add_parser("stop", help="stop servers left running by exec --keep")
    stop.add_argument("name")
    stop.set_defaults(call=_stop)
    return parser


def _exec(options: argparse.Namespace) -> int:
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise Refused("Name a command after --.")
    if command[0] in {"python", "pytest"}:
        command = [sys.executable, *(["-m", "pytest"] if command[0] == "pytest" else []), *command[1:]]
    count = throw_away.per_core() if options.per_core else 1
    return throw_away.run(command, keep=options.keep, system=options.system, count=count)


def _stop(options: argparse.Namespace) -> int:
    there = throw_away.stop(options.name)
    print("Stopped." if there else "There are no servers of that name.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
