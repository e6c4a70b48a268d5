"""Ratings, and the links to rate."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.tenancy.models import TenantForeignKey, TenantModel
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

_STARS = [MinValueValidator(1), MaxValueValidator(5)]


class Rating(TenantModel):
    """One reporter's rating of one round: solved or not, 1-5 stars for the result, and maybe for speed and attitude."""

    of_work = True

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="ratings")
    reporter = TenantForeignKey(Reporter, on_delete=models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField(default=0)
    speed = models.PositiveSmallIntegerField(_("速度"), null=True, validators=_STARS)
    attitude = models.PositiveSmallIntegerField(_("态度"), null=True, validators=_STARS)
    result = models.PositiveSmallIntegerField(_("结果"), validators=_STARS)
    solved = models.BooleanField(_("是否解决"))
    comment = models.TextField(_("意见"), blank=True)
    proven = models.BooleanField(
        default=False, db_default=False
    )  # the phone was proven when the stars were given
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

    of_work = True

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
