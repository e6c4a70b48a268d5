"""The platform under all other apps: tenancy, access, events, clocks, reports."""
