"""SQL of the only functions that read across tenants: they find and lock due deadlines, and change nothing.

They run as a role that cannot log in, has no BYPASSRLS, and has one policy on one table. They lock the
deadline but do not mark it; it is marked in the tenant's own scope, in the transaction of its effects.
"""

# plpgsql, because PostgreSQL 15 plans the same body as a plain SQL function without the partial index.
CLAIM = """
CREATE SCHEMA IF NOT EXISTS timer;
GRANT USAGE ON SCHEMA timer TO governance_runtime, governance_clock;
GRANT SELECT, UPDATE (next_attempt_at) ON governance_deadline TO governance_clock;
DROP POLICY IF EXISTS clock ON governance_deadline;
CREATE POLICY clock ON governance_deadline TO governance_clock USING (true);
CREATE OR REPLACE FUNCTION timer.claim(at timestamptz, n int, skip bigint[])
RETURNS TABLE (tenant_id bigint, id bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT d.tenant_id, d.id FROM public.governance_deadline d
    WHERE d.fired_at IS NULL AND d.next_attempt_at <= at AND NOT (d.tenant_id = ANY (skip))
    ORDER BY d.next_attempt_at LIMIT n FOR UPDATE SKIP LOCKED;
END $$;
CREATE OR REPLACE FUNCTION timer.oldest()
RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN (SELECT min(d.next_attempt_at) FROM public.governance_deadline d WHERE d.fired_at IS NULL);
END $$;
REVOKE ALL ON FUNCTION timer.claim(timestamptz, int, bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION timer.oldest() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION timer.claim(timestamptz, int, bigint[]) TO governance_runtime;
GRANT EXECUTE ON FUNCTION timer.oldest() TO governance_runtime;
GRANT CREATE ON SCHEMA timer TO governance_clock;
ALTER FUNCTION timer.claim(timestamptz, int, bigint[]) OWNER TO governance_clock;
ALTER FUNCTION timer.oldest() OWNER TO governance_clock;
REVOKE CREATE ON SCHEMA timer FROM governance_clock;
"""

DROP = """
DROP FUNCTION IF EXISTS timer.claim(timestamptz, int, bigint[]);
DROP FUNCTION IF EXISTS timer.oldest();
DROP POLICY IF EXISTS clock ON governance_deadline;
REVOKE ALL ON governance_deadline FROM governance_clock;
DROP SCHEMA IF EXISTS timer;
"""
