"""Models of the event log, of subscribers' cursors, and of notices."""

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.access.secrets import EncryptedField
from governance.messages.robots import Platform
from governance.tenancy.models import TenantForeignKey, TenantModel


class Event(TenantModel):
    """One event, never changed.

    Its facts are ids and codes only, so anonymising a person leaves the chain valid.
    """

    append_only = True

    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)  # the member's id, also after the member is anonymised
    unit_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(db_default=RawSQL("clock_timestamp()", []))
    xid = models.BigIntegerField(db_default=RawSQL("(pg_current_xact_id()::text)::bigint", []))

    class Meta:
        verbose_name = verbose_name_plural = _("事件")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_type", "subject_id", "seq"], name="event_seq_once_per_subject"
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "xid", "id"], name="event_feed"),
            models.Index(fields=["tenant", "recorded_at"], name="event_by_day"),
        ]


class EventHead(TenantModel):
    """The newest link of one subject's chain; its lock puts the subject's events in order."""

    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_type", "subject_id"], name="event_head_once_per_subject"
            )
        ]


class EventDigest(TenantModel):
    """One hash over all events of a day and the digest before; printed in the bulletin, it seals the log."""

    append_only = True

    day = models.DateField()
    events = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="event_digest_once_per_day")]


class FeedCursor(TenantModel):
    """The position up to which one subscriber has read, in commit order."""

    subscriber = models.CharField(max_length=80)
    xid = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "subscriber"], name="feed_cursor_once")]


class FailedDelivery(TenantModel):
    """An event that a subscriber failed to handle; tried again with growing pauses."""

    of_work = True

    subscriber = models.CharField(max_length=80)
    event = TenantForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveIntegerField(default=1)
    next_attempt_at = models.DateTimeField()
    error = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "subscriber", "event"], name="failed_delivery_once")
        ]


DIGEST = "notices.digest"  # the kind of a notice that collects others


class Notice(TenantModel):
    """A line in a member's inbox, once per event; its text is written when read, in the reader's language.

    It is in the inbox at once and counts as unread from `rings_at`. Many clock notices are collected under
    one digest, which belongs to no single event; the digest's facts are the number of notices of each kind.
    """

    of_work = True

    member = TenantForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    event = TenantForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)  # ids and codes, no personal text
    link = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    rings_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    digest = TenantForeignKey("self", on_delete=models.CASCADE, null=True, related_name="folded")

    class Meta:
        verbose_name = verbose_name_plural = _("通知")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member", "event"], name="notice_once_per_event")
        ]
        indexes = [
            models.Index(
                fields=["tenant", "member", "-created_at"], condition=Q(digest=None), name="notice_inbox"
            ),
            models.Index(
                fields=["tenant", "member", "rings_at"],
                condition=Q(digest=None, read_at=None),
                name="notice_unread",
            ),
        ]

    @property
    def address(self) -> str:
        """The path of the page that it links to, below the district's URL; a digest links to its notices."""
        return f"desk/inbox/?digest={self.pk}" if self.kind == DIGEST else self.link


class NoticeBrake(TenantModel):
    """The number of clock notices of a district since a moment, and since when its brake is on."""

    of_work = True

    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    tripped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="notice_brake_once")]


class Robot(TenantModel):
    """A unit's chat group on WeCom, DingTalk or Feishu; a robot posts the unit's notices there."""

    unit_id = models.BigIntegerField(_("单位"))
    platform = models.CharField(_("平台"), max_length=10, choices=Platform.listed)
    address = EncryptedField(_("机器人地址"))
    secret = EncryptedField(_("加签密钥"), blank=True, default="")
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("群机器人")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "unit_id"], condition=Q(active=True), name="one_robot_per_unit"
            )
        ]
