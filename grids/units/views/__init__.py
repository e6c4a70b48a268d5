"""Settings pages of units."""
