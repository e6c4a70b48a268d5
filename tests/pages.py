"""A page as tests read it, however its template is folded."""

import re

TAG = re.compile(r"\s*(<[^>]*>)\s*")
END = re.compile(r"\s*(/?>)$")


def folded(page):
    """The HTML of a response, or of a text, in one line.

    Outside and inside tags, white space becomes one space; around a tag and before its end there is none. So a test
    can look for `<td>3</td>` or `name="day" value="1"`, and what it does not find is really not there.
    """
    text = page if isinstance(page, str) else page.content.decode()
    return TAG.sub(lambda tag: END.sub(r"\1", tag[1]), " ".join(text.split()))
