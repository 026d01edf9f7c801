"""What must hold after every step, and once everything has come to rest (trust.md 1.3).

The bank's charges are the oracle: what it really took, from whom, and gave back.
"""

from collections import Counter

from sqlalchemy import text

from tests.simulation.citizen import REQUEST
from tests.simulation.world import World

# All that is looked at after every step, in one reading: there are millions of steps.
_STATE = text("""
    SELECT
        (SELECT json_agg(DISTINCT attempt_id) FROM evidence WHERE kind = 'failed') AS failed,
        (SELECT json_agg(DISTINCT attempt_id) FROM evidence WHERE kind = 'not_sent') AS not_sent,
        (SELECT json_agg(json_build_array(kind, operator_ref, francs, attempt_id))
         FROM evidence WHERE kind IN ('paid', 'reversed')) AS moved,
        (SELECT json_agg(json_build_array(operator_ref, bill_number, francs))
         FROM receipts WHERE cancelled_at IS NULL) AS receipts,
        (SELECT count(*) - count(DISTINCT bill_number) FROM attempts
         WHERE status IN ('created', 'submitting', 'unknown', 'pending')) AS twice_open
""")
_OPEN = text("""
    SELECT attempt_id, status FROM attempts
    WHERE status IN ('created', 'submitting', 'unknown', 'pending')
""")
_RECEIPTS = text("""
    SELECT receipt_number, bill_number, operator_ref, francs FROM receipts
    WHERE cancelled_at IS NULL
""")
_BILLS = text("SELECT bill_number, status, francs FROM bills")
_BALANCES = text("""
    SELECT destination AS account, sum(francs) AS francs FROM entries GROUP BY destination
    UNION ALL SELECT source, -sum(francs) FROM entries GROUP BY source
""")


def always(world: World) -> None:
    """I2, I3, I4, I5, I7, I20: a debit is asked for once, of the amount agreed, with consent."""
    agreed = Counter(bill for citizen in world.citizens for bill, _ in citizen.agreed)
    shown = {pair for citizen in world.citizens for pair in citizen.agreed}
    asked: Counter[str] = Counter()
    fines = {bill.bill_number for bill in world.bills}
    for order in world.bank.orders:
        assert world.bank.asked[order.attempt_id] == 1, f"{order.attempt_id} asked twice"
        bill_number = order.bill_number if order.bill_number in fines else REQUEST
        assert (bill_number, order.francs) in shown, "a debit of an amount never shown"
        asked[bill_number] += 1
    assert asked <= agreed, f"more debits asked for than agreed to: {asked - agreed}"
    if world.machine.written == world.looked_at:
        return  # what was true of the tables still is
    world.looked_at = world.machine.written
    with world.database.read() as tx:
        state = tx.execute(_STATE).one()
    assert not state.twice_open, "two attempts of one bill are open"
    untold = set(state.failed or ()) - world.bank.failed
    assert not untold, f"failures the operator never told: {untold}"
    sent = set(state.not_sent or ()) & set(world.bank.asked)
    assert not sent, f"said not to be sent, and asked for: {sent}"
    charges = {one.operator_ref: one for one in world.bank.charges}
    for kind, operator_ref, francs, attempt_id in state.moved or ():
        real = charges.get(operator_ref)
        assert real is not None, f"money that never moved: {operator_ref}"
        assert (real.francs, real.attempt_id) == (francs, attempt_id)
        assert kind == "paid" or real.reversed_at is not None, "a reversal of nobody's"
    for operator_ref, bill_number, francs in state.receipts or ():
        real = charges.get(operator_ref)
        assert real is not None, "a receipt without money"
        assert (real.bill_number, real.francs) == (bill_number, francs)


def at_rest(world: World) -> None:
    """I1, I8, I10, I19: nothing hangs, and charges, receipts, books and messages agree."""
    live = [one for one in world.bank.charges if one.reversed_at is None]
    with world.database.read() as tx:
        assert not tx.execute(_OPEN).all(), "an attempt is still open"
        balances: Counter[str] = Counter()
        for row in tx.execute(_BALANCES):
            balances[row.account.partition(":")[0]] += int(row.francs)
        receipts = {row.bill_number: row for row in tx.execute(_RECEIPTS)}
        bills = tx.execute(_BILLS).all()
    for bill in bills:
        paid_by = [one for one in live if one.bill_number == bill.bill_number]
        exact = [one for one in paid_by if one.francs == bill.francs]
        if bill.status == "paid":
            assert bill.bill_number in receipts, "paid without a receipt"
            assert exact, "paid without money"
        else:
            assert bill.bill_number not in receipts, "a receipt of a bill that is not paid"
            assert bill.status == "cancelled" or not exact, "money for a bill that is still due"
    held = sum(one.francs for one in live)
    assert -balances["operator_clearing"] == held, f"{-balances['operator_clearing']} of {held}"
    proved = sum(row.francs for row in receipts.values())
    assert balances["revenue"] == proved, f"{balances['revenue']} of {proved} in revenue"
    assert balances["suspense"] == held - proved, "what is apart is not what is left"
    _told(world, {row.receipt_number for row in receipts.values()})


def _told(world: World, receipt_numbers: set[str]) -> None:
    texts = [words for _, words in world.delivered]
    for number in receipt_numbers:
        assert any(number in words for words in texts), f"receipt {number} was told to nobody"
