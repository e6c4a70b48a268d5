"""Ways to send. SMS_BACKEND names one: a function (phone, text, *, reference) that raises when it could not.

`reference` stays the same when a message is tried again.
"""

import re

from governance.access.secrets import mask_phone

SECRET = re.compile(r"(/r/\w{4})\w+")


def console(phone: str, text: str, *, reference: str) -> None:
    """Prints to the worker's output what would be sent; whoever reads it learns neither the phone nor the way in."""
    shown = SECRET.sub(r"\1…", text)
    print(f"to {mask_phone(phone)}: {shown} [{reference}]", flush=True)
