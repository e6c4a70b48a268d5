"""One ticket and everything kept about it: its state, people, photos, history.

`accused.py` (rules): the unit that a complaint is about, and those above and below it.
`audience.py` (rules): the members to notify of a ticket, and which facts of an event a notice keeps.
`conversation.py` (queries): conversation about a ticket: to the resident, by the resident, between the units.
`danger.py` (rules): words of a report that speak of danger.
`decoding.py` (rules): decode uploaded photos within limits of bytes, pixels, and decoders at once.
`ended_level.py` (queries): the level of a unit, compiled from the district's configuration.
`history.py` (queries): a ticket's history in words, its five orders, and its clocks with the moves behind them.
`holding.py` (rules): which unit must act on a ticket now.
`kept_photos.py` (views): photos survive an error of their form, for the pages of every room.
`moving.py` (actions): move tickets: the only code that writes a ticket's state.
`numbers.py` (rules): numbers of tickets and whistles as people type them.
`photo_drafts.py` (actions): photos of a refused form, kept for the browser that sent them.
`photo_files.py` (actions): files of photos: written whole, and deleted when no row uses them.
`photos.py` (actions): photos: identified by content, and encoded again without EXIF after place and time were read.
`reach.py` (rules): the units to which a move may give a ticket, for choices and checks alike.
`sharing.py` (actions): who else may read a ticket: the units that lead or assist it, by a share each.
`state_clocks.py` (actions): the clocks that run in each state of a ticket, and the due time that follows from them.
`synonyms.py` (kinds): words that mean the same, for the search.
`timing.py` (queries): time left to the nearest clock, as every page says it.
`unmasking.py` (actions): show a reporter in clear: once, with a reason, and recorded.
`worklist.py` (rules): conditions for what waits for an actor, shared by lists, brief and counts.
"""
