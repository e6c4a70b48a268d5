"""The grids app."""

from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格与单位"

    def ready(self) -> None:
        """Register how posts become grants, how absent members are substituted, and this app's menus, sheets, checks."""
        import grids.areas.kinds
        import grids.areas.notice_lines
        import grids.areas.sheet
        import grids.people.kinds
        import grids.people.notice_lines
        import grids.people.sheet
        import grids.people.subscribers
        import grids.roster.kinds
        import grids.roster.sheet
        import grids.units.bureaus
        import grids.units.kinds
        import grids.units.sheet
        from governance.access.actors import provide_grants
        from governance.events.receivers import provide_stand_in
        from grids import gaps, menu
        from grids.people import queries as people
        from grids.roster import queries as roster

        provide_grants(people.grants_of)
        provide_stand_in(roster.stand_in)
