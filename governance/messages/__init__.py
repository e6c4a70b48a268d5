"""Outgoing messages: stored in the transaction of their cause, sent later, each once.

`backends.py` (actions): backends that send text messages.
`failure_reasons.py` (rules): reasons why a message was not sent, in words.
`outbox.py` (actions): the outbox: store messages, and send those that are due.
`robots.py` (actions): chat group robots of WeCom, DingTalk and Feishu: post one line of text to the URL of a group.
"""
