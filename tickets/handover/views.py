"""Hand over one member's work (工作交接) on the settings pages."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.models import Member
from governance.access.permissions import Permission
from governance.errors import Missing
from governance.web import pages
from tickets.handover import actions, queries

SHOWN = 20


class _Named(forms.ModelChoiceField):
    """A member by name and log-in name, because two members may have the same name."""

    def label_from_instance(self, member: Member) -> str:
        """Name and log-in name."""
        return f"{member.name} ({member.user.username})"


class HandoverForm(forms.Form):
    """The successor, and whether the log-in ends as well."""

    successor = _Named(label=gettext_lazy("接手人"), queryset=None, empty_label=gettext_lazy("请选择"))
    leaves = forms.BooleanField(
        label=gettext_lazy("同时停用原账号"), required=False, help_text=gettext_lazy("历史办理记录保留姓名")
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Member.objects.filter(active=True).exclude(pk=member.pk)
        self.fields["successor"].queryset = others.select_related("user").order_by("name", "pk")


@pages.desk_with(Permission.PEOPLE_EDIT)
def page(request: HttpRequest) -> HttpResponse:
    """Choose the leaving member (`?member=`), then show what depends on them and choose the successor."""
    wanted = request.POST.get("member") or request.GET.get("member", "")
    people = Member.objects.filter(active=True).select_related("user").order_by("name", "pk")
    if not wanted:
        return pages.respond(request, "tickets/handover/page.html", {"people": people})
    member = people.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 19 else None
    if member is None:
        raise Missing(_("该人员不存在"))
    at = timezone.now()
    leaves = request.GET.get("leaves") == "1"
    form = HandoverForm(request.POST or None, member=member, initial={"leaves": leaves})
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            given = form.cleaned_data
            counts = actions.hand_over(member, **given, by=request.actor, at=at)
            facts = {"name": given["successor"].name, **counts}
            said = _("已交接给%(name)s：在办工单 %(tickets)d 件，岗位 %(posts)d 个，值班 %(shifts)d 班。")
            messages.success(request, said % facts)
            return HttpResponseRedirect(request.path)
    load = actions.load_of(member, at, request.actor)
    post = request.GET.get("post", "")
    post = load.posts.filter(pk=int(post)).first() if post.isdecimal() and len(post) < 19 else None
    context = {
        "member": member,
        "form": form,
        "counts": load.counts,
        "requests": load.requests.count(),
        "leaves": leaves,
        "post": post,
        "bare": queries.left_bare(member, at, request.actor, post and post.pk),
        "tickets": load.tickets.values("number", "title", "state", "due_at")[:SHOWN],
        "posts": load.posts.select_related("unit"),
        "shifts": load.shifts.select_related("unit")[:SHOWN],
    }
    return pages.respond(request, "tickets/handover/page.html", context)
