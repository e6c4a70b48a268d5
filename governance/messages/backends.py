"""Backends that send text messages.

SMS_BACKEND names one: a function (phone, text, *, reference) that raises an exception on failure. `reference`
is the same when a message is tried again.
"""

import re

from django.conf import settings

from governance.access.secrets import mask_phone

SECRET = re.compile(r"(/r/\w{4})\w+")
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def console(phone: str, text: str, *, reference: str) -> None:
    """Print the text message to the worker's output, with the phone number and the secret link masked.

    Codes are masked too, unless SMS_SHOWN is set (in the demo): there is no other way to learn them.
    """
    shown = SECRET.sub(r"\1…", text)
    shown = shown if settings.SMS_SHOWN else CODE.sub("******", shown)
    print(f"to {mask_phone(phone)}: {shown} [{reference}]", flush=True)
