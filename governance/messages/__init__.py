"""Text messages to residents: written with the change that causes them, sent later, each once."""
