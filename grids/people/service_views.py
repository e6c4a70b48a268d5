"""Settings page of service accounts (对接账号): add one, show its token once with a call to copy, switch it off."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.models import ApiToken, Member
from governance.access.permissions import ROLE_NAMES, Permission
from governance.accounts.views.tokens import SCOPE_NAMES, scope_words
from governance.errors import Invalid
from governance.web import pages
from grids.models import Area, Unit
from grids.people import services
from grids.units import cells


class ServiceForm(forms.Form):
    """A service account: what it is called and does, its post, and what its token may do with it."""

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=60,
        help_text=gettext_lazy("办理记录中显示的名称，如：12345 热线系统"),
    )
    purpose = forms.CharField(label=gettext_lazy("用途"), max_length=80)
    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=None, to_field_name="code", empty_label=gettext_lazy("请选择")
    )
    areas = forms.CharField(
        label=gettext_lazy("负责区域"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("填名称或代码，多个用空格隔开；不填则为单位所辖全部区域"),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("范围"),
        help_text=gettext_lazy("只列出所选岗位可用的范围"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    days = forms.IntegerField(label=gettext_lazy("有效天数"), min_value=1, max_value=730, initial=365)

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(active=True)
        self.fields["scopes"].choices = [(scope, SCOPE_NAMES[scope]) for scope in services.usable(role)]

    def clean_areas(self) -> list[Area]:
        unit = self.cleaned_data.get("unit")
        codes = cells.area_codes(self.cleaned_data["areas"], unit.code if unit else "")
        try:
            return cells.areas_of(codes)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error


@pages.desk_with(Permission.TOKEN_ISSUE)
def index(request: HttpRequest) -> HttpResponse:
    """List the service accounts; `role` opens the form for a new one. Its token is in the response to the POST only."""
    role, issued = request.GET.get("role", ""), None
    if role not in services.roles():
        role = ""
    form = ServiceForm(request.POST or None, role=role) if role else None
    if request.method == "POST" and form is not None and form.is_valid():
        with pages.catching(form):
            issued = services.add_service(**form.cleaned_data, role=role, by=request.actor, at=timezone.now())
    context = {
        "rows": _rows(request),
        "roles": [(one.value, ROLE_NAMES[one]) for one in services.roles()],
        "role": role,
        "form": None if issued else form,
        "issued": issued,
        "call": _call(request, issued, form) if issued else "",
    }
    status = getattr(form, "status", 400) if form is not None and form.is_bound and form.errors else 200
    return pages.respond(request, "grids/people/services.html", context, status=status)


def _call(request: HttpRequest, issued: services.Issued, form: ServiceForm) -> str:
    """A line that tries the token: the list of tickets, or the codes of areas for a token that cannot read them."""
    path = "tickets/" if "tickets:read" in form.cleaned_data["scopes"] else "areas/?level=street"
    address = request.build_absolute_uri(f"/{request.tenant.slug}/api/v1/{path}")
    return f'curl -s -H "Authorization: Bearer {issued.token}" "{address}"'


def _rows(request: HttpRequest) -> list[dict[str, Any]]:
    """Each account with its posts and its newest token; three statements."""
    found = Member.objects.filter(user__is_service=True).select_related("user").order_by("-active", "name")
    accounts = list(found.prefetch_related("posts__unit")[:200])
    users = [member.user_id for member in accounts]
    at = timezone.now()
    tokens = {
        token.user_id: token
        for token in ApiToken.objects.filter(tenant=request.tenant, user_id__in=users).order_by("pk")
    }
    return [
        {
            "member": member,
            "posts": [post for post in member.posts.all() if post.valid_to is None],
            "token": (token := tokens.get(member.user_id)),
            "scopes": scope_words(token) if token else "",
            "good": bool(token and member.active and token.is_good(at)),
        }
        for member in accounts
    ]


@require_POST
@pages.desk_with(Permission.TOKEN_ISSUE)
def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke the token of an account and deactivate it."""
    member = services.service(pk)
    services.switch_off(member, by=request.actor, at=timezone.now())
    messages.success(request, _("%(name)s的令牌已吊销，账号已停用。") % {"name": member.name})
    return HttpResponseRedirect(reverse("people:services", kwargs={"tenant": request.tenant.slug}))
