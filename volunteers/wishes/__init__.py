"""Micro-wishes: made, claimed, fulfilled, with proof. Nothing is built yet."""
