"""Ways to send. SMS_BACKEND names one: a function (phone, text, *, reference) that raises when it could not.

`reference` stays the same when a message is tried again.
"""

import re

from django.conf import settings

from governance.access.secrets import mask_phone

SECRET = re.compile(r"(/r/\w{4})\w+")
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def console(phone: str, text: str, *, reference: str) -> None:
    """Prints to the worker's output what would be sent; whoever reads it learns neither the phone nor the way in.

    Where SMS_SHOWN says so (the demo), codes are shown: nobody else could tell them to who tries the pages out.
    """
    shown = SECRET.sub(r"\1…", text)
    shown = shown if settings.SMS_SHOWN else CODE.sub("******", shown)
    print(f"to {mask_phone(phone)}: {shown} [{reference}]", flush=True)
