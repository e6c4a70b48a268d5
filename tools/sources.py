"""Parse Python sources."""

import ast
import gc


def parse(text: str) -> ast.Module:
    """The syntax tree of a source.

    No garbage is collected meanwhile. In Python 3.11 a collection in the middle may run a finalizer or another thread
    that parses too, and then the interpreter reports a mismatch of its recursion depth.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(text)
    finally:
        if collects:
            gc.enable()
