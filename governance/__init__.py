"""The platform every other room leans on: tenancy, access, events, clocks, reports."""
