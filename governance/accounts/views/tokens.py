"""Settings pages of API tokens: issue, show once, revoke."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.actors import Actor
from governance.access.models import ApiToken, Member
from governance.access.permissions import TOKEN_SCOPES, Permission
from governance.accounts import actions
from governance.web import pages

SCOPE_NAMES = {
    "tickets:read": gettext_lazy("查看工单"),
    "tickets:report": gettext_lazy("上报工单"),
    "tickets:read_private": gettext_lazy("查看保密工单"),
    "tickets:move": gettext_lazy("办理工单"),
    "duties:ask": gettext_lazy("申请工作准入、征求意见"),
    "duties:decide": gettext_lazy("批复工作准入、答复意见"),
}


class TokenForm(forms.Form):
    """Purpose, scopes and days of a new token; it always belongs to the member who issues it."""

    name = forms.CharField(label=gettext_lazy("用途"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("范围"),
        help_text=gettext_lazy("以您本人的身份签发，只列出您的岗位可用的范围"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    days = forms.IntegerField(label=gettext_lazy("有效天数"), min_value=1, max_value=730, initial=365)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [
            (scope, SCOPE_NAMES[scope])
            for scope, permissions in TOKEN_SCOPES.items()
            if any(by.grants_with(permission) for permission in permissions)
        ]


@pages.desk_with(Permission.TOKEN_ISSUE)
def tokens(request: HttpRequest) -> HttpResponse:
    """List the district's tokens, and issue one; the new token's text is in this response only."""
    form, issued = TokenForm(request.POST or None, by=request.actor), ""
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            issued = actions.issue_token(**form.cleaned_data, by=request.actor, at=timezone.now())
            form = TokenForm(by=request.actor)
    names = dict(Member.objects.values_list("user_id", "name"))
    found = ApiToken.objects.filter(tenant=request.tenant).order_by("-created_at")[:200]
    at = timezone.now()
    rows = [(token, names.get(token.user_id, ""), token.is_good(at), scope_words(token)) for token in found]
    context = {"form": form, "issued": issued, "rows": rows}
    context["usable"] = bool(form.fields["scopes"].choices)
    return pages.respond(request, "governance/settings/tokens.html", context)


def scope_words(token: ApiToken) -> str:
    """The scopes of a token, in words."""
    return "、".join(str(SCOPE_NAMES.get(scope, scope)) for scope in token.scopes)


@require_POST
@pages.desk_with(Permission.TOKEN_ISSUE)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a token now."""
    actions.revoke_token(pk, by=request.actor, at=timezone.now())
    messages.success(request, _("令牌已吊销。"))
    return HttpResponseRedirect(f"/{request.tenant.slug}/desk/settings/tokens/")
