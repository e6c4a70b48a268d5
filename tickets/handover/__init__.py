"""Handover of one member's work to a successor."""
