"""Settings pages of people and posts."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.models import Member, User
from governance.access.permissions import ROLE_NAMES, Permission
from governance.access.secrets import mask_phone
from governance.errors import Invalid, Missing
from governance.text.telephones import PhoneField
from governance.web import pages
from grids import followers, tree
from grids.models import Area, Post, Unit
from grids.people import actions
from grids.units import cells, initials

PEOPLE = 50


class PersonForm(forms.Form):
    """The data of a new person."""

    username = forms.CharField(
        label=gettext_lazy("登录名"), max_length=64, validators=User._meta.get_field("username").validators
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    phone = PhoneField(
        label=gettext_lazy("手机"), required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )


class KnownForm(PersonForm):
    """Corrections of a person's data; an empty phone leaves the phone as it is."""

    username = None

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, prefix="known", initial={"name": member.name}, **kwargs)
        kept = {"phone": mask_phone(member.phone)}
        self.fields["phone"].label = _("新手机")
        self.fields["phone"].help_text = (
            _("现为 %(phone)s，不填则不变") % kept if member.phone else _("未登记，无法接收短信通知")
        )


class PostForm(forms.Form):
    """A post: unit, role, first day and covered areas."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=None, to_field_name="code", empty_label=gettext_lazy("请选择")
    )
    role = forms.ChoiceField(
        label=gettext_lazy("角色"), choices=[(r.value, n) for r, n in ROLE_NAMES.items()]
    )
    since = forms.DateField(
        label=gettext_lazy("任职日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    areas = forms.CharField(
        label=gettext_lazy("负责区域"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("填名称或代码，多个用空格隔开；不填则为单位所辖全部区域"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(active=True)

    def clean_areas(self) -> list[Area]:
        unit = self.cleaned_data.get("unit")
        codes = cells.area_codes(self.cleaned_data["areas"], unit.code if unit else "")
        try:
            return cells.areas_of(codes)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error


@pages.desk_with(Permission.PEOPLE_EDIT)
def people(request: HttpRequest) -> HttpResponse:
    """The members with their posts, also those to come; a new member's initial password is shown only in this
    response."""
    form, joined = PersonForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            joined = actions.add_person(**form.cleaned_data, by=request.actor, at=timezone.now())
            form = PersonForm()
    q = request.GET.get("q", "").strip()[:60]
    page = Paginator(_people(q), PEOPLE).get_page(request.GET.get("page"))
    context = {"form": form, "joined": joined, "page": page, "q": q, "roles": ROLE_NAMES}
    context["today"] = tree.local_day(timezone.now())
    context["without"] = actions.without_password().count()
    return pages.respond(request, "grids/people/list.html", context)


def _people(q: str) -> Any:
    day = tree.local_day(timezone.now())
    lasting = Post.objects.filter(tree.lasting(day), member__active=True)
    posts = lasting.select_related("unit").order_by("valid_from", "id")
    found = Member.objects.select_related("user").order_by("name", "id")
    if q:
        named = Q(name__contains=q) | Q(user__username__contains=q) | Q(pk__in=initials.people(q))
        found = found.filter(named)
    return found.prefetch_related(Prefetch("posts", queryset=posts, to_attr="lasting"))


@pages.desk_with(Permission.PEOPLE_EDIT)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: present and past posts; a POST adds a post."""
    member, at = _member(pk), timezone.now()
    form = PostForm(request.POST or None, initial={"since": tree.local_day(at)})
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            actions.post_person(member, **form.cleaned_data, by=request.actor, at=at)
            messages.success(request, _("岗位已任命。"))
            return HttpResponseRedirect(request.path)
    return _person_page(request, member, form, at)


def _member(pk: int) -> Member:
    member = Member.objects.select_related("user").filter(pk=pk).first()
    if member is None:
        raise Missing(_("该人员不存在"))
    return member


def _person_page(
    request: HttpRequest, member: Member, form: PostForm, at: datetime, **more: Any
) -> HttpResponse:
    posts = (
        member.posts.select_related("unit").prefetch_related("covers__area").order_by("-valid_from", "-id")
    )
    context = {"member": member, "posts": posts, "form": form, "today": tree.local_day(at)}
    context |= {"known": KnownForm(member=member), **more}
    return pages.respond(request, "grids/people/person.html", context)


@require_POST
@pages.desk_with(Permission.PEOPLE_EDIT)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a person's name or phone."""
    member, at = _member(pk), timezone.now()
    known = KnownForm(request.POST, member=member)
    if known.is_valid():
        with pages.catching(known):
            actions.change_person(member, **known.cleaned_data, by=request.actor, at=at)
            messages.success(request, _("%(name)s的信息已更正。") % {"name": member.name})
            kwargs = {"tenant": request.tenant.slug, "pk": member.pk}
            return HttpResponseRedirect(reverse("people:person", kwargs=kwargs))
    form = PostForm(initial={"since": tree.local_day(at)})
    response = _person_page(request, member, form, at, known=known)
    response.status_code = getattr(known, "status", 400)
    return response


@require_POST
@pages.desk_with(Permission.PEOPLE_EDIT)
def first_passwords(request: HttpRequest) -> HttpResponse:
    """Initial passwords for members without one, shown only in this response, to be printed and handed
    out."""
    given = actions.hand_out_passwords(by=request.actor, at=timezone.now())
    context = {"given": given, "more": actions.without_password().count() if given else 0}
    return pages.respond(request, "grids/people/passwords.html", context)


@require_POST
@pages.desk_with(Permission.PEOPLE_EDIT)
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new initial password, shown only in this response."""
    member, at = _member(pk), timezone.now()
    password = actions.reset_password(member, by=request.actor, at=at)
    form = PostForm(initial={"since": tree.local_day(at)})
    return _person_page(request, member, form, at, fresh_password=password)


@require_POST
@pages.desk_with(Permission.PEOPLE_EDIT)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Deactivate a person or activate them again; `active` says which.

    If work is in the person's name, its page comes first, unless `give_back` says that the units get it back.
    """
    member, at = _member(pk), timezone.now()
    if request.POST.get("active") == "1":
        actions.come_back(member, by=request.actor, at=at)
        messages.success(request, _("%(name)s已恢复。") % {"name": member.name})
    elif (page := followers.page_of_load(member.pk, request.actor, at)) and not request.POST.get("give_back"):
        messages.warning(request, _("停用%(name)s前，请先安排接手。") % {"name": member.name})
        return HttpResponseRedirect(f"/{request.tenant.slug}/desk/{page}")
    else:
        actions.leave(member, by=request.actor, at=at)
        messages.success(request, _("%(name)s已停用，不能再办理本区县业务。") % {"name": member.name})
    kwargs = {"tenant": request.tenant.slug, "pk": member.pk}
    return HttpResponseRedirect(reverse("people:person", kwargs=kwargs))


@require_POST
@pages.desk_with(Permission.PEOPLE_EDIT)
def relieve(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post with yesterday, so that its rights end now.

    If nobody would be left to receive the unit's open tickets, the page of the handover comes first, unless
    `leave_bare` is set.
    """
    at = timezone.now()
    post = Post.objects.select_related("member").filter(pk=pk).first()
    page = followers.page_of_post(post.member, pk, request.actor, at) if post else ""
    if page and not request.POST.get("leave_bare"):
        return HttpResponseRedirect(f"/{request.tenant.slug}/desk/{page}")
    yesterday = tree.local_day(at) - timedelta(days=1)
    until = max(yesterday, post.valid_from) if post else yesterday
    ended = actions.relieve_person(pk, until=until, by=request.actor, at=at)
    messages.success(request, _("岗位已解除，最后一天为 %(day)s。") % {"day": until})
    kwargs = {"tenant": request.tenant.slug, "pk": ended.member_id}
    return HttpResponseRedirect(reverse("people:person", kwargs=kwargs))
