"""Prove a phone (验证手机号) by a code of six digits in a text message; a browser pass remembers the proof.

Nothing here checks whether the phone belongs to a reporter: the answers are the same for every phone.
"""

import secrets
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from governance.access import secrets as access_secrets
from governance.access.secrets import keyed_hash
from governance.errors import Invalid, TooOften
from governance.messages import outbox
from governance.messages.models import Message
from governance.tenancy.scope import current
from governance.text import telephones
from governance.web import limits
from tickets.phones.models import PhoneProof
from tickets.ticket.models.reporters import Reporter

CODE_FOR = timedelta(minutes=10)
PASS_FOR = timedelta(days=30)
PAUSE = timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURS_A_DAY = 3  # a day allows three times the codes of an hour for one phone
TRIES = 5


def send_code(phone: str, *, at: datetime) -> PhoneProof:
    """Send a code to a mobile phone. Raises Invalid, TooOften."""
    phone = telephones.mobile(phone)
    found = telephones.hash_of(phone)
    with connection.cursor() as cursor:  # concurrent requests wait for each other
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"code:{current().pk}:{found}"]
        )
    _limited(found, at)
    code = f"{secrets.randbelow(1_000_000):06d}"
    made = PhoneProof.objects.create(
        phone=phone, phone_hash=found, code_hash=_sealed(found, code), sent_at=at, until=at + CODE_FOR
    )
    outbox.enqueue([_text(made, code, at)])
    outbox.send_now()
    return made


def _limited(phone_hash: str, at: datetime) -> None:
    """Raise TooOften if the phone has reached its limit. It counts rows, so it works without the cache."""
    sent = PhoneProof.objects.filter(phone_hash=phone_hash, sent_at__gt=at - DAY).order_by("-sent_at")
    times, most = list(sent.values_list("sent_at", flat=True)), current().setting("codes_per_phone")
    if times and times[0] > at - PAUSE:
        raise TooOften(_("验证码已发送，一分钟后才能重新获取"), field="phone")
    if sum(one > at - HOUR for one in times) >= most:
        raise TooOften(_("该号码获取验证码过于频繁，请一小时后再试"), field="phone")
    if len(times) >= most * HOURS_A_DAY:
        raise TooOften(_("该号码今日获取验证码次数过多，请明天再试"), field="phone")


def _sealed(phone_hash: str, code: str) -> str:
    return keyed_hash(f"{phone_hash}:{code}", "code")


def _text(proof: PhoneProof, code: str, at: datetime) -> Message:
    words = _("验证码 {code}，10 分钟内有效。请勿告诉他人，工作人员不会向您索要。")
    return Message(
        kind="code",
        key=str(proof.pk),
        phone=proof.phone,
        text=outbox.signed(words),
        code=code,
        next_try_at=at,
        until=proof.until,
        created_at=at,
    )


def prove(asked: int | None, phone: str, code: str, *, at: datetime) -> tuple[PhoneProof, str]:
    """Check the code; returns the proof and the secret of a pass for the browser.

    `asked` is the proof whose code the browser asked for: somebody else who knows the number can neither use nor use
    up its tries. The reporters with this phone have proven it from now on.

    Each code works once, within TRIES attempts. Raises Invalid for a wrong, used or expired code; the caller
    then counts the failure with `missed` after the rollback.
    """
    found = telephones.hash_of(telephones.mobile(phone))
    proof = PhoneProof.objects.filter(pk=asked, phone_hash=found).select_for_update().first()
    if proof is None or proof.proven_at or proof.until <= at or proof.tries >= TRIES:
        raise _wrong()
    guesses = {f"code:{proof.tenant_id}:{proof.pk}": TRIES}
    if limits.reached(guesses):
        raise _wrong()
    limits.count(guesses, int(CODE_FOR.total_seconds()))
    if not constant_time_compare(proof.code_hash, _sealed(proof.phone_hash, code.strip())):
        raise _wrong()
    secret = secrets.token_urlsafe(32)
    proof.proven_at, proof.pass_until = at, at + PASS_FOR
    proof.pass_hash = access_secrets.digest(secret)
    proof.save(update_fields=["proven_at", "pass_hash", "pass_until"])
    theirs = Reporter.objects.filter(phone_hash=proof.phone_hash, phone_verified_at=None, member=None)
    theirs.update(phone_verified_at=at)
    return proof, secret


def _wrong() -> Invalid:
    return Invalid(_("验证码不对或已过期，请核对；也可以重新获取"), code="wrong_code", field="code")


def missed(asked: int | None) -> None:
    """Count a failed attempt on a code."""
    PhoneProof.objects.filter(pk=asked, tries__lt=TRIES).update(tries=F("tries") + 1)


def of_pass(secret: str, at: datetime) -> PhoneProof | None:
    """The proof behind a browser's pass, or None if the pass is unknown or expired."""
    if not secret:
        return None
    return PhoneProof.objects.filter(pass_hash=access_secrets.digest(secret), pass_until__gt=at).first()


def forget(secret: str) -> None:
    """Make the pass invalid. The row stays, because the limits count the codes that were sent."""
    PhoneProof.objects.filter(pass_hash=access_secrets.digest(secret)).update(pass_hash="", pass_until=None)


def sweep(at: datetime) -> int:
    """Delete proofs whose code and pass are over and that no limit counts any more; returns how many."""
    over = Q(pass_until=None, until__lte=at - DAY) | Q(pass_until__lte=at)
    return PhoneProof.objects.filter(over).delete()[0]
