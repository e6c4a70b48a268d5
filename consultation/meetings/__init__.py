"""Meetings: invitations, attendance, minutes. Nothing is built yet."""
