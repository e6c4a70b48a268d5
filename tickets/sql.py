"""SQL of the search: Chinese words through an index under row-level security.

A word of two characters is one bigram; gaps are left out on both sides. An array operator is not leakproof, so
under a policy it could not use its index. The definer function belongs to a role with open policies on these two
tables only, and filters by tenant itself (plpgsql, one role, fixed search_path). It puts its conditions together,
so that the plan has an index for each way in which a word may be found; every value is quoted.
"""

SEARCH = """
CREATE OR REPLACE FUNCTION zh_plain(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(lower(words), '[[:space:]]', '', 'g')
$$;
CREATE OR REPLACE FUNCTION zh_grams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(plain, i, 2)), '{}')
    FROM (SELECT regexp_replace(lower(words), '[[:space:]]', '', 'g') AS plain) AS one,
         generate_series(1, length(plain) - 1) AS i
$$;
CREATE INDEX IF NOT EXISTS ticket_grams ON tickets_ticket
    USING gin (zh_grams(number || '|' || title || '|' || left(text, 2000) || '|' || address));
DROP INDEX IF EXISTS ticket_words;
CREATE SCHEMA IF NOT EXISTS search;
GRANT USAGE ON SCHEMA search TO governance_runtime;
GRANT SELECT ON tickets_ticket TO governance_search;
DROP POLICY IF EXISTS search ON tickets_ticket;
CREATE POLICY search ON tickets_ticket FOR SELECT TO governance_search USING (true);
GRANT SELECT ON tickets_ticketgroupobjectpermission TO governance_search;
DROP POLICY IF EXISTS search ON tickets_ticketgroupobjectpermission;
CREATE POLICY search ON tickets_ticketgroupobjectpermission FOR SELECT TO governance_search USING (true);
DROP FUNCTION IF EXISTS search.tickets(text, integer, boolean, text[], text[], bigint[], bigint[]);
DROP FUNCTION IF EXISTS zh_bigrams(text);
CREATE OR REPLACE FUNCTION search.tickets(
    asked jsonb, most integer, whole boolean, low text[], high text[], units bigint[], groups bigint[]
) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    t bigint := current_setting('app.tenant')::bigint;
    said text := 'k.number || ''|'' || k.title || ''|'' || left(k.text, 2000) || ''|'' || k.address';
    source text := 'tickets_ticket k';
    found text := '';
    one jsonb;
    way text;
    ways text;
    word text;
    indexed boolean := false;
BEGIN
    FOR one IN SELECT jsonb_array_elements(asked) LOOP
        ways := '';
        FOR word IN SELECT zh_plain(w) FROM jsonb_array_elements_text(
            coalesce(one -> 'words', jsonb_build_array(one -> 'word'))  -- 'word': a release before
        ) AS w LOOP
            way := format('zh_plain(%s) LIKE %L', said, '%' || replace(replace(replace(
                word, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%');
            IF length(word) > 1 THEN
                way := format('(zh_grams(%s) @> %L::text[] AND %s)', said, zh_grams(word), way);
            END IF;
            indexed := indexed OR length(word) > 1;
            ways := ways || ' OR ' || way;
        END LOOP;
        SELECT substr(ways, 5) || coalesce(string_agg(format(
            ' OR (k.area_path >= %L COLLATE "C" AND k.area_path < %L COLLATE "C")', r ->> 0, r ->> 1), ''), '')
        INTO way FROM jsonb_array_elements(one -> 'places') AS r;
        IF jsonb_array_length(one -> 'categories') > 0 THEN
            way := way || format(' OR k.category_id = ANY (%L::bigint[])',
                                 translate(one ->> 'categories', '[]', '{}'));
        END IF;
        IF jsonb_array_length(one -> 'ids') > 0 THEN
            way := way || format(' OR k.id = ANY (%L::bigint[])', translate(one ->> 'ids', '[]', '{}'));
        END IF;
        found := found || ' AND (' || way || ')';
    END LOOP;
    IF NOT indexed THEN
        source := format('(SELECT * FROM tickets_ticket r WHERE r.tenant_id = %L
                           ORDER BY r.created_at DESC, r.id DESC LIMIT 2000) k', t);
    END IF;
    RETURN QUERY EXECUTE format('SELECT k.id FROM %s WHERE k.tenant_id = %L %s', source, t, found) || '
          AND ($1 OR k.lead_unit_id = ANY ($4) OR k.holder_unit_id = ANY ($4)
               OR EXISTS (SELECT 1 FROM unnest($2, $3) AS r(a, b)
                          WHERE k.area_path >= r.a COLLATE "C" AND k.area_path < r.b COLLATE "C")
               OR EXISTS (SELECT 1 FROM tickets_ticketgroupobjectpermission p
                          WHERE p.tenant_id = k.tenant_id AND p.content_object_id = k.id AND p.group_id = ANY ($5)))
        ORDER BY k.created_at DESC, k.id DESC LIMIT $6'
    USING whole, low, high, units, groups, most;
END $$;
REVOKE ALL ON FUNCTION search.tickets FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search.tickets TO governance_runtime;
GRANT CREATE ON SCHEMA search TO governance_search;
ALTER FUNCTION search.tickets OWNER TO governance_search;
REVOKE CREATE ON SCHEMA search FROM governance_search;
"""
DROP = """
DROP FUNCTION IF EXISTS search.tickets;
DROP POLICY IF EXISTS search ON tickets_ticketgroupobjectpermission;
DROP POLICY IF EXISTS search ON tickets_ticket;
DROP INDEX IF EXISTS ticket_grams;
DROP FUNCTION IF EXISTS zh_grams;
DROP FUNCTION IF EXISTS zh_plain;
"""
