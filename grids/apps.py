"""The grids app."""

from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格与单位"

    def ready(self) -> None:
        """Register how posts become grants, how absent members are substituted, and this app's menus, sheets, checks."""
        from governance.access.actors import provide_grants
        from governance.events.receivers import provide_stand_in
        from grids import (  # noqa: F401 - menu, sheets and subscribers register themselves
            area_sheet,
            gaps,
            menu,
            people_sheet,
            queries,
            roster,
            roster_sheet,
            subscribers,
            unit_sheet,
        )

        provide_grants(queries.grants_of)
        provide_stand_in(roster.stand_in)
