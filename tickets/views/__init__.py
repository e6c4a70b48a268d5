"""The pages of tickets: desk, moves, portal, settings."""
