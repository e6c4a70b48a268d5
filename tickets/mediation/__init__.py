"""Mediation of disputes: meetings, agreements, follow-up."""
