"""Disclosures: results made public. Nothing is built yet."""
