"""The verbs of the five orders: actions, forms, REST, subscribers, timers."""
