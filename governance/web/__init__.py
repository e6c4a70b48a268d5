"""Common parts of pages and API: refusals, forms, menus, limits, cache.

`cache.py` (rules): a cache whose outage reads as a miss.
`caching.py` (rules): pages are not kept by browsers and proxies unless their view says so.
`charsets.py` (views): read every request as UTF-8, whatever charset it names.
`client_address.py` (rules): the network address of a visitor.
`context.py` (views): template context of every page: the district, the actor, the menus.
`edit_conflicts.py` (rules): refuse to save a form whose row changed since it was opened.
`fields.py` (forms): form fields for all apps.
`form_messages.py` (forms): messages of form fields, validators and serializers, in everyday words.
`limits.py` (rules): rate limits, counted in the cache; while the cache is down, nothing is limited.
`map_tiles.py` (rules): the tiles under the maps of a district, and the policy that allows their hosts.
`menus.py` (rules): menus: each app adds its own entries when it is loaded.
`pages.py` (views): common parts of HTML views: access, refusals, form errors.
`parsers.py` (api): parsers of API requests.
`problems.py` (api): API errors as problem+json (RFC 9457) with a stable code; a refused request changes nothing.
`openapi.py` (api): complete the OpenAPI schema: names, tags, authentication and problems.
`renderers.py` (api): renderer of API responses.
`resources.py` (api): base of the API's view sets.
`serializers.py` (api): serializers that refuse what they do not know.
`turns.py` (rules): heavy work in few threads at once.
"""
