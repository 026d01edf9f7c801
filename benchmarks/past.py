"""A database with a past: bills paid over a year, and every row that each of them has left.

One payment is one bill, its decision and attempt, five facts, two entries, a receipt with its
quittance, a message and its report, the callback, the line of the statement, two rows of the outbox
at rest, and the session it was asked for in. A quarter of a million people paid four times each;
one payment in twenty was asked for by somebody else. The year ended two days ago, so that the
figures of the last 24 hours are the same with a past and without.
"""

import psycopg
from psycopg import sql

# Numbers, ids and telephones follow from `i`; instants are in order, as rows are written.
_NAMES = r"""
CREATE TEMPORARY TABLE past AS
SELECT i, lpad((i * 61803399 % 100000000)::text, 8, '0')
          || lpad((98 - i * 61803399 % 100000000 * 100 % 97)::text, 2, '0') AS bill,
       md5('attempt' || i) AS attempt, md5('intent' || i) AS intent, md5('door' || i) AS door,
       'MP' || i AS operator_ref, md5('session' || i) AS session,
       lpad((i * 6180339887 % 10000000000000000)::text, 16, '0') AS receipt,
       '+22370' || lpad((i * 4 % 1000000)::text, 6, '0') AS payer,
       '+22370' || lpad(((i + (i % 20 = 0)::int * 97) * 4 % 1000000)::text, 6, '0') AS caller,
       now() - interval '2 days' - interval '365 days' * ({most} - i) / {most} AS at
FROM generate_series(1, {most}::bigint) AS i
"""
_ROWS = (
    """
INSERT INTO bills (bill_number, service, subject, francs, legal_basis, issued_on, quantity, status,
    version, settled_at, details, created_at)
SELECT bill, 'fine', 'demo_parking', 3000, 'Benchmark', at::date, 1, 'paid', 1, at, '{}', at
FROM past ORDER BY i""",
    """
INSERT INTO intents SELECT intent, bill, 1, 3000, at FROM past ORDER BY i""",
    """
INSERT INTO attempts (attempt_id, intent_id, bill_number, operator, francs, payer, caller, lang,
    callback_token, channel, session_key, turn, status, operator_key, prompted, created_at,
    submitted_at)
SELECT attempt, intent, bill, 'orange_mp', 3000, payer, caller, 'fr', door, 'africastalking',
    session, 3, 'succeeded', 'MP' || attempt, false, at, at FROM past ORDER BY i""",
    """
INSERT INTO evidence (attempt_id, kind, source, operator_ref, francs, seen_at)
SELECT attempt, kind, source, CASE kind WHEN 'paid' THEN operator_ref END,
    CASE kind WHEN 'paid' THEN 3000 END, at
FROM past, (VALUES (1, 'submitting', 'ours'), (2, 'pending', 'reply'), (3, 'pending', 'inquiry'),
    (4, 'paid', 'inquiry'), (5, 'paid', 'statement')) AS facts (n, kind, source)
ORDER BY i, n""",
    """
INSERT INTO operator_transactions SELECT 'orange_mp', operator_ref, attempt FROM past ORDER BY i""",
    """
INSERT INTO entries (source, destination, francs, bill_number, operator, operator_ref, posted_at)
SELECT source, destination, 3000, bill, 'orange_mp', operator_ref, at
FROM past, (VALUES (1, 'operator_clearing:orange_mp', 'suspense:orange_mp'),
    (2, 'suspense:orange_mp', 'revenue:fine')) AS moves (n, source, destination)
ORDER BY i, n""",
    """
INSERT INTO receipts (receipt_number, bill_number, attempt_id, service, subject, francs, operator,
    operator_ref, paid_at, quittance_post, quittance_year, quittance_number)
SELECT receipt, bill, attempt, 'fine', 'demo_parking', 3000, 'orange_mp', operator_ref, at, 'PGT',
    extract(year FROM at), i FROM past ORDER BY i""",
    """
INSERT INTO quittance_counters
SELECT quittance_post, quittance_year, max(quittance_number) FROM receipts GROUP BY 1, 2""",
    """
INSERT INTO messages (event, template, recipient, text, status, provider_id, created_at, sent_at)
SELECT 'receipt-' || receipt, 'sms.receipt', payer, repeat('x', 140), 'sent', 'AT' || attempt,
    at, at FROM past ORDER BY i""",
    """
INSERT INTO outbox (kind, ref, version, tries)
SELECT 'attempt', attempt, 3, 3 FROM past ORDER BY i""",
    """
INSERT INTO outbox (kind, ref, version, tries)
SELECT 'message', message_id, 1, 1 FROM messages ORDER BY message_id""",
    """
INSERT INTO sendings (message_id, provider, provider_id, outcome, segments, cost, began_at)
SELECT message_id, 'africastalking', provider_id, 'sent', 1, 1, sent_at FROM messages
ORDER BY message_id""",
    """
INSERT INTO delivery_reports (provider, provider_id, word, verdict, received_at)
SELECT 'africastalking', 'AT' || attempt, 'Success', 'delivered', at FROM past ORDER BY i""",
    """
INSERT INTO callbacks (operator, token, body, received_at)
SELECT 'orange_mp', door, '{"status":"SUCCESSFULL"}', at FROM past ORDER BY i""",
    """
INSERT INTO statement_lines
SELECT 'orange_mp', operator_ref, 'CREDIT', operator_ref, attempt, 3000, at, payer
FROM past ORDER BY i""",
    """
INSERT INTO statements SELECT 'orange_mp', hour, hour + interval '1 hour'
FROM generate_series((SELECT min(at) FROM past), (SELECT max(at) FROM past), interval '1 hour')
    AS hour""",
    """
INSERT INTO subscribers SELECT DISTINCT ON (payer) md5(payer), 'fr', at FROM past""",
    """
INSERT INTO alarms SELECT 'orange_mp', attempt, 'unrecognised', at FROM past WHERE i % 1000 = 0""",
    """
INSERT INTO expectations SELECT bill, 'orange_mp', 3000, payer, caller, 'fr', 'africastalking',
    session, 4, at FROM past WHERE i % 100 = 0""",
    """
INSERT INTO journeys
SELECT session, 'africastalking', 'fr', 'fine', 'pay.sent', 'payment', 2, 20, at
FROM past ORDER BY i""",
)


# An index is made at once when its table is full: row by row takes several times as long.
_INDEXES_OFF = """
UPDATE pg_index SET indisready = false, indisvalid = false
WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"""


def fill(url: str, most: int) -> None:
    """Write the past of so many payments into an empty database, as a superuser of it."""
    with psycopg.connect(url, autocommit=True) as connection:
        # The guards were proved elsewhere, and would be asked about each of the rows.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '256MB'")
        connection.execute(sql.SQL(_NAMES).format(most=sql.Literal(most)))
        for statement in ("ANALYZE past", _INDEXES_OFF, *_ROWS):
            connection.execute(statement)
        connection.execute("REINDEX SCHEMA public")
        connection.execute("VACUUM ANALYZE")
