"""What beat asks, and how often, and in which queue work waits.

A nudge that comes late is let go, the next one asks again.
"""

MINUTE, HOUR = 60.0, 3600.0
EACH_MINUTE = {
    "ask-what-is-due": "followups.tasks.ask_what_is_due",
    "bring-late-rows-of-merged-cards": "desk.tasks.bring_late_rows",
    "complete-drafts": "desk.tasks.complete_drafts",
    "give-leads-to-holders": "desk.tasks.give_leads_to_holders",
    "take-up-waiting-jobs": "core.tasks.take_up_waiting_jobs",
    "hand-out-leads": "customers.tasks.hand_out_leads",
    "report-overdue": "followups.tasks.report_overdue",
    "report-late-cases": "followups.tasks.report_late_cases",
    "report-late-reviews": "filings.tasks.report_late_reviews",
    "propose-grades": "customers.tasks.propose_grades_of_the_day",
    "take-dropped-leads": "desk.tasks.take_dropped_leads",
    "write-digests": "followups.tasks.write_digests",
    "sweep-filings": "filings.tasks.sweep_filings",
    "send-outgoing": "staff.tasks.send_outgoing",
}
EACH_HOUR = {
    "reckon-chances": "customers.tasks.reckon_chances",
    "owe-looks-at-own-orders": "orders.tasks.owe_looks_at_own_orders",
    "remove-expired-files": "core.tasks.remove_expired_files",
    "seal-rulings": "filings.tasks.seal_rulings",
    "keep-figures": "stock.tasks.keep_figures",
}
BEAT = {
    name: {"task": task, "schedule": MINUTE, "options": {"expires": 55}}
    for name, task in EACH_MINUTE.items()
} | {
    name: {"task": task, "schedule": HOUR, "options": {"expires": 3000}}
    for name, task in EACH_HOUR.items()
}
# What takes minutes, or waits for services outside, has queues of its own: the engine never waits.
ROUTES = {
    "staff.tasks.send_outgoing": {"queue": "outgoing"},
    "desk.tasks.bring_late_rows": {"queue": "work"},
    "desk.tasks.complete_drafts": {"queue": "work"},
    "desk.tasks.give_leads_to_holders": {"queue": "work"},
    "desk.tasks.*": {"queue": "bulk"},
    "orders.tasks.export_ledger": {"queue": "bulk"},
    "filings.tasks.replay_what_if": {"queue": "bulk"},
    "followups.tasks.rehearse_plan": {"queue": "bulk"},
    "followups.tasks.change_plan": {"queue": "bulk"},
    "stock.tasks.export_board": {"queue": "bulk"},
    "stock.tasks.make_figures": {"queue": "bulk"},
    "stock.tasks.reckon_styles": {"queue": "bulk"},
}
