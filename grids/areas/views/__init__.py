"""Settings pages of areas."""
