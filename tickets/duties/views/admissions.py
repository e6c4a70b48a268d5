"""Requests of departments: work admissions (工作准入), and the street's consent to stationed heads."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Q, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.errors import Missing
from governance.web import pages
from grids import tree as territory
from grids.models import Unit, UnitKind
from tickets.catalog import choices
from tickets.catalog.models import Category
from tickets.duties import queries
from tickets.duties.actions import admissions as asking
from tickets.duties.actions import consents as consenting
from tickets.duties.models import HeadConsent, WorkAdmission

PAGE = 30
_TEXT = {"widget": forms.Textarea(attrs={"rows": 3}), "max_length": settings.MAX_TEXT_LENGTH}
_DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class AdmissionForm(forms.Form):
    """The work, the units or the kind of unit, the days, and the budget."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("申请单位"), queryset=None, to_field_name="code", empty_label=None
    )
    name = forms.CharField(label=gettext_lazy("事项名称"), max_length=200)
    category = forms.ChoiceField(label=gettext_lazy("事项分类"))
    onto_kind = forms.ChoiceField(
        label=gettext_lazy("下沉到哪类单位"),
        required=False,
        choices=[("", gettext_lazy("只到下面选的单位")), *((k.value, k.label) for k in asking.KINDS)],
    )
    onto = forms.ModelMultipleChoiceField(
        label=gettext_lazy("下沉到哪些单位"),
        queryset=None,
        to_field_name="code",
        required=False,
        help_text=gettext_lazy("选了一类单位时不用再选；按住 Ctrl 可多选"),
    )
    reason = forms.CharField(label=gettext_lazy("理由"), **_TEXT)
    valid_from = forms.DateField(label=gettext_lazy("准入起"), **_DAY)
    valid_until = forms.DateField(label=gettext_lazy("准入止"), **_DAY)
    budget = forms.DecimalField(
        label=gettext_lazy("随转经费（元）"),
        min_value=0,
        max_digits=14,
        decimal_places=2,
        initial=0,
        help_text=gettext_lazy("费随事转：没有经费填 0"),
    )
    budget_source = forms.CharField(label=gettext_lazy("经费来源"), max_length=200, required=False)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.own_units(by, Permission.ADMISSION_ASK)
        self.fields["category"].choices = [("", _("请选择")), *choices.every()]
        kinds = [UnitKind.STREET, UnitKind.STREET_CENTER, UnitKind.COMMUNITY]
        self.fields["onto"].queryset = Unit.objects.filter(kind__in=kinds, active=True).order_by("area__path")

    def clean_category(self) -> Category:
        """The category with the chosen code."""
        return Category.objects.get(code=self.cleaned_data["category"])


@pages.desk_with(*queries.ADMISSION_READERS)
def admissions(request: HttpRequest) -> HttpResponse:
    """All requests for admission, undecided ones first, with a form for departments."""
    at, form = timezone.now(), None
    if request.actor.grants_with(Permission.ADMISSION_ASK):
        initial = {"valid_from": territory.local_day(at)}
        form = AdmissionForm(request.POST or None, by=request.actor, initial=initial)
    if request.method == "POST" and form is not None and form.is_valid():
        with pages.catching(form):
            asking.ask(asking.Wish(**form.cleaned_data), by=request.actor, at=at)
            messages.success(request, _("申请已提交。"))
            return HttpResponseRedirect(request.path)
    return _admissions_page(request, {"form": form})


def _admissions_page(request: HttpRequest, more: dict[str, Any], status: int = 200) -> HttpResponse:
    rows = queries.admissions().order_by(_first(WorkAdmission.State.ASKED), "-asked_at", "-id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    decides = bool(request.actor.grants_with(Permission.ADMISSION_DECIDE))
    context = {"page": page, "decides": decides, "now": timezone.now(), **more}
    return pages.respond(request, "tickets/duties/admissions.html", context, status=status)


def _first(*states: str) -> Case:
    """Order rows with one of these states before all others."""
    return Case(When(state__in=states, then=Value(0)), default=Value(1))


class AnswerForm(forms.Form):
    """Yes or no, and the reason."""

    verdict = forms.ChoiceField(choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))])
    answer = forms.CharField(label=gettext_lazy("意见"), required=False, **_TEXT)


@require_POST
@pages.desk
def decide_admission(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse a request for admission."""
    found = WorkAdmission.objects.filter(pk=pk).first()
    if found is None:
        raise Missing(_("该申请不存在"))
    form = AnswerForm(request.POST)
    if form.is_valid():
        with pages.catching(form):
            given = form.cleaned_data
            verb = asking.approve if given["verdict"] == "yes" else asking.refuse
            verb(found, by=request.actor, at=timezone.now(), answer=given["answer"])
            messages.success(request, _("已批复。"))
            return HttpResponseRedirect(_address(request, "admissions"))
    answered = {"answered": found.pk, "answer_form": form}
    return _admissions_page(request, answered, getattr(form, "status", 400))


class ConsentForm(forms.Form):
    """The head to appoint, remove or assess, and the reason."""

    asked_unit = forms.ModelChoiceField(
        label=gettext_lazy("征求单位"), queryset=None, to_field_name="code", empty_label=None
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("派驻机构"),
        queryset=None,
        to_field_name="code",
        empty_label=gettext_lazy("请选择"),
    )
    person = forms.CharField(label=gettext_lazy("负责人姓名"), max_length=consenting.NAME)
    what = forms.ChoiceField(label=gettext_lazy("事项"), choices=HeadConsent.What.choices)
    reason = forms.CharField(label=gettext_lazy("事由"), **_TEXT)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_unit"].queryset = own = queries.own_units(by, Permission.CONSENT_ASK)
        theirs = Q(parent=None) | below("path", list(own.values_list("path", flat=True)))
        stationed = Unit.objects.filter(theirs, kind=UnitKind.STATIONED, active=True)
        self.fields["unit"].queryset = stationed.select_related("area")


@pages.desk_with(*queries.CONSENT_READERS)
def consents(request: HttpRequest) -> HttpResponse:
    """All requests for consent, unanswered ones first, with a form for departments."""
    form = None
    if request.actor.grants_with(Permission.CONSENT_ASK):
        form = ConsentForm(request.POST or None, by=request.actor)
    if request.method == "POST" and form is not None and form.is_valid():
        with pages.catching(form):
            consenting.ask(**form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, _("已发给街道征求意见。"))
            return HttpResponseRedirect(request.path)
    return _consents_page(request, {"form": form})


def _consents_page(request: HttpRequest, more: dict[str, Any], status: int = 200) -> HttpResponse:
    rows = queries.consents_of(request.actor)
    waiting = _first(HeadConsent.State.ASKED, HeadConsent.State.UNANSWERED)
    page = Paginator(rows.order_by(waiting, "-asked_at", "-id"), PAGE).get_page(request.GET.get("page"))
    answers = request.actor.unit_ids_with(Permission.CONSENT_DECIDE)
    context = {"page": page, "answers": answers, "now": timezone.now(), **more}
    return pages.respond(request, "tickets/duties/consents.html", context, status=status)


@require_POST
@pages.desk
def answer_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The street's yes or no, with its reason."""
    found = queries.consents_of(request.actor).filter(pk=pk).first()
    if found is None:
        raise Missing(_("该项征求意见不存在"))
    form = AnswerForm(request.POST)
    if form.is_valid():
        with pages.catching(form):
            given = form.cleaned_data
            verb = consenting.agree if given["verdict"] == "yes" else consenting.refuse
            verb(found, by=request.actor, at=timezone.now(), answer=given["answer"])
            messages.success(request, _("已答复。"))
            return HttpResponseRedirect(_address(request, "consents"))
    answered = {"answered": found.pk, "answer_form": form}
    return _consents_page(request, answered, getattr(form, "status", 400))


def _address(request: HttpRequest, name: str) -> str:
    return reverse(f"desk:{name}", kwargs={"tenant": request.tenant.slug})
