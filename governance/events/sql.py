"""SQL function that appends to the event log: lock the head, chain the hash, insert; one round trip."""

APPEND = """
CREATE OR REPLACE FUNCTION event_append(
    p_subject_type text, p_subject_id bigint, p_kind text, p_at timestamptz,
    p_actor_kind text, p_actor_id bigint, p_unit_id bigint, p_facts jsonb, p_body text
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    t bigint := current_setting('app.tenant')::bigint;
    n integer;
    prev text;
    h text;
BEGIN
    INSERT INTO governance_eventhead AS head (tenant_id, subject_type, subject_id, seq, hash)
    VALUES (t, p_subject_type, p_subject_id, 1, '')
    ON CONFLICT (tenant_id, subject_type, subject_id) DO UPDATE SET seq = head.seq + 1
    RETURNING head.seq, head.hash INTO n, prev;
    h := encode(sha256(convert_to(prev || '|' || n || '|' || p_body, 'UTF8')), 'hex');
    INSERT INTO governance_event (
        tenant_id, subject_type, subject_id, seq, kind, at, actor_kind, actor_id, unit_id, facts, prev_hash, hash
    ) VALUES (
        t, p_subject_type, p_subject_id, n, p_kind, p_at, p_actor_kind, p_actor_id, p_unit_id, p_facts, prev, h
    );
    UPDATE governance_eventhead SET hash = h
    WHERE tenant_id = t AND subject_type = p_subject_type AND subject_id = p_subject_id;
    RETURN n;
END $$;
REVOKE ALL ON FUNCTION event_append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION event_append TO governance_runtime;
"""
DROP = "DROP FUNCTION IF EXISTS event_append;"
