"""What follow-up adds to a customer's timeline: rows of the shape of `customers.queries.timeline`.

Letters and skipped tasks, surveys, service cases, greetings, invitations, what was reported up.
"""

from collections.abc import Mapping

from customers.queries import TimelineKind

CARE_TIMELINE: Mapping[TimelineKind, str] = {
    # What was done or left undone without a contact; a greeting sent has a row of its own.
    TimelineKind.TASK: """
    SELECT task.closed_at AS at, 'c_task' AS kind, task.id AS row,
           task.closed_by_id AS who, task.state AS code, task.skip_reason AS code2, '' AS code3,
           '' AS text, '' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM followups_task task
      LEFT JOIN followups_step apart ON apart.id = task.letter_id
     WHERE task.customer_id = %(customer)s AND task.contact_id IS NULL
       AND (task.state = 'skipped'
            OR task.state = 'done' AND apart.way IS DISTINCT FROM 'greeting')
    """,
    TimelineKind.REPORTED_UP: """
    SELECT escalation.at AS at, 'ce_reported_up' AS kind, escalation.id AS row, NULL::bigint AS who,
           CASE WHEN %(zh)s THEN step.name_zh ELSE step.name_en END AS code,
           -- the month of the occurrence, as followups.naming.month_of says
           CASE WHEN step.anchor IN ('delivery', 'purchase') AND step.unit = 'months'
                 AND step.times <> 1
                THEN (step."offset" + (obligation.occurrence - 1) * step.every)::text
                ELSE '' END AS code2,
           '' AS code3, escalation.note AS text, '' AS standing, escalation.to_id AS other,
           NULL::timestamptz AS entered
      FROM followups_obligation obligation
      JOIN followups_escalation escalation ON escalation.obligation_id = obligation.id
      JOIN followups_step step ON step.id = obligation.step_id
     WHERE obligation.customer_id = %(customer)s
    """,
    TimelineKind.GREETING: """
    SELECT greeting.sent_at AS at, 'cd_greeting' AS kind, greeting.id AS row,
           greeting.sent_by_id AS who, greeting.occasion AS code, greeting.way AS code2,
           '' AS code3, greeting.text AS text, '' AS standing, NULL::bigint AS other,
           NULL::timestamptz AS entered
      FROM followups_greeting greeting
     WHERE greeting.customer_id = %(customer)s
    """,
    TimelineKind.INVITED: """
    SELECT act.at AS at, 'cf_invited' AS kind, invitation.id * 4 + act.number AS row,
           act.who AS who, act.code AS code, invitation.answer AS code2, '' AS code3,
           campaign.name AS text, '' AS standing, NULL::bigint AS other,
           NULL::timestamptz AS entered
      FROM followups_invitation invitation
      JOIN followups_campaign campaign ON campaign.id = invitation.campaign_id
      CROSS JOIN LATERAL (VALUES
          (1, invitation.sent_at, 'sent', invitation.sent_by_id),
          (2, invitation.answered_at, 'answered', NULL::bigint),
          (3, invitation.attended_at, 'attended', invitation.attended_noted_by_id)
      ) AS act(number, at, code, who)
     WHERE invitation.customer_id = %(customer)s AND act.at IS NOT NULL
    """,
    TimelineKind.CASE: """
    SELECT event.at AS at, 'dd_case' AS kind, event.id AS row, event.by_id AS who,
           event.act AS code, service.kind AS code2, service.id::text AS code3,
           CASE event.act WHEN 'opened' THEN service.text WHEN 'solved' THEN service.solution
                          ELSE event.text END AS text,
           CASE service.state WHEN 'voided' THEN 'void' ELSE '' END AS standing,
           event.to_id AS other, NULL::timestamptz AS entered
      FROM followups_case service
      JOIN followups_caseevent event ON event.case_id = service.id
     WHERE service.customer_id = %(customer)s
    """,
    TimelineKind.SURVEY: """
    SELECT result.asked_at AS at, 'f_survey' AS kind, result.id AS row,
           result.asked_by_id AS who,
           CASE WHEN %(zh)s THEN survey.name_zh ELSE survey.name_en END AS code,
           COALESCE(result.score::text, '') AS code2,
           CASE WHEN result.is_willing THEN result.satisfaction ELSE 'unwilling' END AS code3,
           CASE WHEN result.remarks = left(contact.note, 1000) THEN ''
                ELSE result.remarks END AS text,
           CASE WHEN contact.voided_at IS NULL THEN '' ELSE 'void' END AS standing,
           NULL::bigint AS other, NULL::timestamptz AS entered
      FROM followups_surveyresult result
      JOIN followups_surveyversion version ON version.id = result.version_id
      JOIN followups_survey survey ON survey.id = version.survey_id
      JOIN customers_contact contact ON contact.id = result.contact_id
     WHERE result.customer_id = %(customer)s
    """,
}
