"""The five orders: report, triage, dispatch, accept, rate."""
