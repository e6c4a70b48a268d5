"""Reporters, remarks, photos and ratings of tickets.

These rows hold all personal text; the log holds none.
"""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.access.secrets import EncryptedField, keyed_hash, mask_name, mask_phone
from governance.tenancy.models import TenantForeignKey, TenantModel
from grids.models import Unit
from tickets.states import Channel
from tickets.ticket.models.ticket import Ticket


class Reporter(TenantModel):
    """A person who reported or followed a ticket; a resident opens it by number and code."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="reporters")
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    name = EncryptedField(_("姓名"), blank=True, default="")
    phone = EncryptedField(_("电话"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True)
    phone_verified_at = models.DateTimeField(null=True)  # the holder typed in a code sent to it
    notice_version = models.PositiveIntegerField(null=True)  # the privacy notice that was accepted
    accepted_at = models.DateTimeField(null=True)
    anonymous = models.BooleanField(_("匿名"), default=False)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=10, choices=Channel.listed)
    created_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)  # withdrew while others still follow

    class Meta:
        verbose_name = verbose_name_plural = _("反映人")
        indexes = [models.Index(fields=["tenant", "phone_hash"], name="reporter_by_phone")]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice_version=None, accepted_at=None)
                | Q(notice_version__isnull=False, accepted_at__isnull=False),
                name="reporter_accepted_with_time",
            )
        ]

    @property
    def code(self) -> str:
        """The six digits that, with the number, open the ticket; computed with this installation's key."""
        return f"{int(keyed_hash(str(self.key), 'follow'), 16) % 1_000_000:06d}"

    @property
    def masked_name(self) -> str:
        """The name, masked; empty for an anonymous reporter."""
        return "" if self.anonymous else mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        """The phone, masked; empty for an anonymous reporter."""
        return "" if self.anonymous else mask_phone(self.phone)


class Remark(TenantModel):
    """A text written with a move: a reason, a note, an answer."""

    class Visibility(models.TextChoices):
        INTERNAL = "internal", _("内部")
        PUBLIC = "public", _("对居民公开")

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="remarks")
    verb = models.CharField(max_length=30)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.INTERNAL)
    text = models.TextField()
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Picture(TenantModel):
    """A photo: checked by content, and encoded again without EXIF after place and time were read."""

    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    lng = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class Attachment(Picture):
    """A photo of a ticket."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="attachments")
    purpose = models.CharField(max_length=12, default="report")  # report, evidence, agreement, added
    #: The reporter that sent it later; no other resident sees it.
    reporter = TenantForeignKey(Reporter, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("照片")


_STARS = [MinValueValidator(1), MaxValueValidator(5)]


class Rating(TenantModel):
    """One reporter's rating of one round: 1-5 stars for speed, attitude and result, and solved or not."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="ratings")
    reporter = TenantForeignKey(Reporter, on_delete=models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField(default=0)
    speed = models.PositiveSmallIntegerField(_("速度"), validators=_STARS)
    attitude = models.PositiveSmallIntegerField(_("态度"), validators=_STARS)
    result = models.PositiveSmallIntegerField(_("结果"), validators=_STARS)
    solved = models.BooleanField(_("是否解决"))
    comment = models.TextField(_("意见"), blank=True)
    aloud_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("评价")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reporter", "round"], name="rating_once_per_round"),
            models.CheckConstraint(
                condition=Q(speed__range=(1, 5), attitude__range=(1, 5), result__range=(1, 5)),
                name="rating_one_to_five",
            ),
        ]


class RatingLink(TenantModel):
    """A rating address for one use, with an expiry time."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    reporter = TenantForeignKey(Reporter, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "digest"], name="rating_link_once"),
            models.UniqueConstraint(fields=["tenant", "reporter", "round"], name="rating_link_per_round"),
        ]
