"""The grids app."""

from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格与单位"

    def ready(self) -> None:
        """Register how posts become grants, how absent members are substituted, and this app's menus, sheets, checks."""
        from governance.access.actors import provide_grants
        from governance.events.receivers import provide_stand_in
        from grids import gaps, menu, tree
        from grids.areas import sheet as area_sheet
        from grids.people import sheet as people_sheet
        from grids.people import subscribers
        from grids.roster import actions as roster
        from grids.roster import sheet as roster_sheet
        from grids.units import sheet as unit_sheet

        provide_grants(tree.grants_of)
        provide_stand_in(roster.stand_in)
