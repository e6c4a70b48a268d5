"""SQL of the search: Chinese words through an index under row-level security.

A two-character word is one bigram. An array operator is not leakproof, so under a policy it could not use its
index. The definer function belongs to a role with open policies on these two tables only, and filters by
tenant itself (plpgsql, one role, fixed search_path).
"""

SEARCH = """
CREATE OR REPLACE FUNCTION zh_bigrams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
        SELECT substr(lower(words), i, 2) AS gram FROM generate_series(1, length(words) - 1) AS i
    ) AS grams WHERE gram !~ '[[:space:]]'
$$;
CREATE INDEX IF NOT EXISTS ticket_words ON tickets_ticket
    USING gin (zh_bigrams(number || ' ' || title || ' ' || left(text, 2000) || ' ' || address));
CREATE SCHEMA IF NOT EXISTS search;
GRANT USAGE ON SCHEMA search TO governance_runtime;
GRANT SELECT ON tickets_ticket TO governance_search;
DROP POLICY IF EXISTS search ON tickets_ticket;
CREATE POLICY search ON tickets_ticket FOR SELECT TO governance_search USING (true);
GRANT SELECT ON tickets_ticketgroupobjectpermission TO governance_search;
DROP POLICY IF EXISTS search ON tickets_ticketgroupobjectpermission;
CREATE POLICY search ON tickets_ticketgroupobjectpermission FOR SELECT TO governance_search USING (true);
CREATE OR REPLACE FUNCTION search.tickets(
    q text, most integer, whole boolean, low text[], high text[], units bigint[], groups bigint[]
) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    t bigint := current_setting('app.tenant')::bigint;
    pattern text := '%' || replace(replace(replace(lower(q), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%';
BEGIN
    IF length(q) < 2 THEN
        RETURN QUERY SELECT k.id FROM (
            SELECT * FROM tickets_ticket r WHERE r.tenant_id = t ORDER BY r.created_at DESC, r.id DESC LIMIT 2000
        ) k WHERE lower(k.title || ' ' || left(k.text, 2000)) LIKE pattern LIMIT most;
    ELSE
        RETURN QUERY SELECT k.id FROM tickets_ticket k
        WHERE zh_bigrams(k.number || ' ' || k.title || ' ' || left(k.text, 2000) || ' ' || k.address) @> zh_bigrams(q)
          AND k.tenant_id = t
          AND (whole OR k.lead_unit_id = ANY (units) OR k.holder_unit_id = ANY (units)
               OR EXISTS (SELECT 1 FROM unnest(low, high) AS r(a, b)
                          WHERE k.area_path >= r.a COLLATE "C" AND k.area_path < r.b COLLATE "C")
               OR EXISTS (SELECT 1 FROM tickets_ticketgroupobjectpermission p
                          WHERE p.tenant_id = t AND p.content_object_id = k.id AND p.group_id = ANY (groups)))
          AND lower(k.number || ' ' || k.title || ' ' || left(k.text, 2000) || ' ' || k.address) LIKE pattern
        ORDER BY k.created_at DESC, k.id DESC LIMIT most;
    END IF;
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
DROP INDEX IF EXISTS ticket_words;
DROP FUNCTION IF EXISTS zh_bigrams;
"""
