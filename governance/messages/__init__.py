"""Outgoing messages: stored in the transaction of their cause, sent later, each once."""
