"""One ticket and everything kept about it: its state, people, photos, history."""
