"""Default settings of a district. Service levels: domain.md B5; passwords and masks: B9, B10."""

DEFAULTS = {
    "sampling_percent": 10,  # share of tickets solved on the spot that another person checks
    "rating_days": 7,  # how long a rating link is valid
    "rework_rating": 2,  # this many stars or fewer, or "not solved", reopens the ticket
    "return_limit": 2,  # after this many returns only arbitration is possible
    "extension_limit": 2,  # the second one is decided at the next higher level
    "reply_days": 5,  # workdays in which a resident can answer a question
    "consent_days": 5,  # workdays in which a street must answer about the head of a stationed agency
    "deferral_days": 365,  # the latest review date of a deferred ticket, in days from now
    "reopen_days": 15,
    "reopen_continues": False,  # True: the clock of a reopened ticket continues; False: a new one starts
    "parts_inherit_start": False,  # True: clocks of the parts of a split ticket start when the ticket's did
    "problem_reworks": 3,  # reopened or returned this often: supervised by the next higher level
    "rise": True,  # at the first escalation of triage or dispatch the ticket moves up a level automatically
    "retention_months": 24,
    "verify_by_other": True,
    "reports_per_address": 60,  # an hour, in the portal; in mobile networks many people share one IP address
    "reports_per_phone": 10,  # an hour, in the portal
    "brief": True,  # at 8:30 on workdays every member gets a notice of what is new, due and overdue
    "quiet_hours": True,  # outside working hours a notice is announced later, except for an emergency
    "digest_over": 5,  # more clock notices for one person within ten minutes become one digest
    "notice_sms": ["urgent"],  # sorts of notices that are also sent as text messages
    "notice_robot": ["urgent", "work"],  # sorts that are also posted in the unit's chat group
    "notice_brake": 2000,  # above this number in ten minutes, clock notices are only collected in digests
    "spoken_is_contact": False,  # True: a report at the counter or by telephone counts as first contact
    "whistle_radius": 500,  # metres from the meeting place within which a check-in by location counts
    "phone_proof": False,  # True: a phone number in the portal must be proven by a code before the report
    "receipt_sms": False,  # True: a reporter with a phone gets a text message with the number and link
    "codes_per_phone": 5,  # an hour
    "codes_per_address": 60,  # an hour; see reports_per_address
    "texts_per_day": 5000,  # text messages of the district; the others wait until the next day
    "hotline": "12345",  # for residents who prefer to call
    "emergency_lines": ["110", "119", "120", "122"],
    "map_tiles": [],  # addresses of tile layers, the ground first; empty: the platform's, or outlines only
    "map_key": "",  # put in the place of {key}; browsers see it, so it should be bound to the district's host
    "map_credit": "",  # who made the tiles
    "map_approval": "",  # 审图号, printed on every map with tiles
}

#: Settings on a district's settings page, with the smallest and the largest value; None for yes or no.
RANGES: dict[str, tuple[int, int] | None] = {
    "sampling_percent": (0, 100),
    "rating_days": (1, 90),
    "rework_rating": (1, 4),
    "return_limit": (0, 10),
    "extension_limit": (0, 5),
    "reply_days": (1, 30),
    "consent_days": (1, 30),
    "deferral_days": (1, 1095),
    "reopen_days": (0, 365),
    "retention_months": (1, 240),
    "reopen_continues": None,
    "parts_inherit_start": None,
    "problem_reworks": (1, 10),
    "reports_per_address": (1, 10_000),
    "reports_per_phone": (1, 1000),
    "rise": None,
    "verify_by_other": None,
    "brief": None,
    "quiet_hours": None,
    "digest_over": (1, 50),
    "notice_brake": (50, 100_000),
    "spoken_is_contact": None,
    "whistle_radius": (50, 5000),
    "phone_proof": None,
    "receipt_sms": None,
    "codes_per_phone": (1, 20),
    "codes_per_address": (1, 10_000),
    "texts_per_day": (10, 1_000_000),
}

#: Settings that hold telephone numbers, with the largest number of them.
NUMBERS_TO_CALL = {"hotline": 1, "emergency_lines": 8}

#: Settings of the tiles that are short texts, with the largest length.
MAP_TEXTS = {"map_key": 100, "map_credit": 80, "map_approval": 60}
#: The largest number of tile layers: the ground, and the names on it.
MAP_LAYERS = 2

#: Settings on the page 居民入口 instead of the general page.
PORTAL = ("hotline", "emergency_lines", "phone_proof", "receipt_sms", "codes_per_phone", "codes_per_address")

#: Sorts of notices, and the settings that choose among them (governance/events/channels.py).
NOTICE_SORTS = ("urgent", "work", "time", "brief")
CHANNELS = ("notice_sms", "notice_robot")
