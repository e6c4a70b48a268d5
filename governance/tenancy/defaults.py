"""What holds where a tenant has not said otherwise. Service levels: domain.md B5; passwords and masks: B9, B10."""

DEFAULTS = {
    "sampling_percent": 10,  # self-solved finds that somebody else looks at again
    "rating_days": 7,  # a rating link lives this long
    "rework_rating": 2,  # this many stars or fewer, or "not solved", reopens the matter
    "return_limit": 2,  # after so many returns only arbitration is left
    "extension_limit": 2,  # the second one is decided one level up
    "reply_days": 5,  # workdays that a resident has to add what was asked for
    "consent_days": 5,  # workdays that a street has to answer about the head of a stationed agency
    "deferral_days": 365,  # the furthest review date of a shelved matter
    "reopen_days": 15,
    "reopen_continues": False,  # a reopened matter's promise goes on where it stopped, or begins anew
    "parts_inherit_start": False,  # the parts of a split matter count from its own beginning
    "problem_reworks": 3,  # reopened so often, or sent to so many departments: supervised one level up
    "rise": True,  # past triage due + step a matter rises by itself
    "retention_months": 24,
    "verify_by_other": True,
    "reports_per_address": 60,  # an hour, in the portal; a mobile network puts many people behind one address
    "reports_per_phone": 10,  # an hour, in the portal
    "brief": True,  # at half past eight of a working day everybody is told what is new, due and overdue
    "quiet_hours": True,  # outside working hours a notice waits, unless it is of an emergency
    "digest_over": 5,  # more notices of time for one person within ten minutes are told as one
    "notice_sms": ["urgent"],  # sorts of notices that also go to the phone as a text
    "notice_robot": ["urgent", "work"],  # and into the group of the unit
    "notice_brake": 2000,  # past so many in ten minutes, a district's notices of time are only gathered
    "spoken_is_contact": False,  # who reported over the counter or the telephone has been contacted by that
    "whistle_radius": 500,  # metres from the place within which a check-in by place counts
    "phone_proof": False,  # a phone given in the portal is proven by a code before the report is taken
    "receipt_sms": False,  # who leaves a telephone with a report is texted its number and where to follow it
    "codes_per_phone": 5,  # an hour
    "codes_per_address": 60,  # an hour; see reports_per_address
    "hotline": "12345",  # for who would rather talk than type
    "emergency_lines": ["110", "119", "120", "122"],
}

#: What a district may set on its settings page: the smallest and the largest value; None is yes or no.
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
}

#: What a district may set that is no number: one telephone number, or a list of them.
NUMBERS_TO_CALL = {"hotline": 1, "emergency_lines": 8}

#: What stands on the page 居民入口 instead of the general one.
PORTAL = ("hotline", "emergency_lines", "phone_proof", "receipt_sms", "codes_per_phone", "codes_per_address")

#: What notices are about, and the settings that are a choice of them (governance/events/channels.py).
NOTICE_SORTS = ("urgent", "work", "time", "brief")
CHANNELS = ("notice_sms", "notice_robot")
