"""What an SMS asks for, and what is forgiven in writing it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import check_digits, gsm7
from sms import keywords
from sms.keywords import Asked, Vocabulary, Word
from tests.unit.parts.announcements import COMPLETE, LANGUAGES, TEXTS

BILL, RECEIPT = "4821937028", check_digits.append("73910264851937")
VOCABULARY = Vocabulary(TEXTS, LANGUAGES)
FILLERS = " .,:;-/'\"()#*!?\n"
ANSWERS = ("where", "help", "stopped", "started", "too_many")
in_every_language = pytest.mark.parametrize("lang", LANGUAGES)


@pytest.mark.parametrize(
    ("text", "word", "number", "lang"),
    [
        ("PAYER 4821937028", Word.PAY, BILL, ""),
        ("payer4821937028", Word.PAY, BILL, ""),
        ("  Payez : 48 21 93 70 28 .", Word.PAY, BILL, ""),
        ("PAYER n'importe quoi", Word.PAY, "", ""),
        ("PAYER", Word.PAY, "", ""),
        ("PAYER 4821937028 merci", Word.PAY, BILL, ""),
        ("PAYER 4821937028 3000 F", Word.PAY, BILL, ""),
        ("PAYER 4821937028merci", Word.PAY, BILL, ""),
        ("PAYER 48219370281", Word.PAY, "48219370281", ""),
        ("PAYER 482193702bientot", Word.PAY, "482193702", ""),  # its b would make it a bill
        ("PAYER 4821937029", Word.PAY, "4821937029", ""),
        ("PAYER 48219", Word.PAY, "48219", ""),
        ("PAYER 4821937O28", Word.PAY, BILL, ""),
        ("PAYER 482l9З7O28", Word.PAY, "482", ""),  # a Cyrillic Ze is no digit
        ("PAYER 4821937Ｏ28", Word.PAY, BILL, ""),
        ("PAYER A8Z1937028", Word.PAY, "", ""),
        ("PAYER ４８２１９３７０２８", Word.PAY, BILL, ""),
        ("PAYER ߄߈߂߁߉߃߇߀߂߈", Word.PAY, BILL, ""),
        ("sara 4821937028", Word.PAY, BILL, "bm"),
        ("SARA4821937028", Word.PAY, BILL, "bm"),
        ("sàrali", Word.MENU, "", ""),
        ("VERIF 7391 0264 8519 3719", Word.VERIFY, RECEIPT, ""),
        ("vérif:7391026485193719", Word.VERIFY, RECEIPT, ""),
        ("Vérifier", Word.VERIFY, "", ""),
        ("sɛgɛsɛgɛ 7391026485193719", Word.VERIFY, RECEIPT, "bm"),
        ("SEGESEGE7391026485193719", Word.VERIFY, RECEIPT, "bm"),
        ("sègèsègè", Word.VERIFY, "", "bm"),
        ("RECU", Word.RECEIPTS, "", ""),
        ("Reçu !", Word.RECEIPTS, "", ""),
        ("RE\u00c7US", Word.RECEIPTS, "", ""),
        ("Rec\u0327u", Word.RECEIPTS, "", ""),
        ("resi", Word.RECEIPTS, "", "bm"),
        ("aide", Word.HELP, "", ""),
        ("DEME", Word.HELP, "", "bm"),
        ("dɛmɛ", Word.HELP, "", "bm"),
        ("(stop)", Word.STOP, "", ""),
        ("Stop les SMS", Word.STOP, "", ""),
        ("Arrêt", Word.STOP, "", ""),
        ("dabila", Word.STOP, "", "bm"),
        ("Reprendre", Word.START, "", ""),
        ("menu", Word.MENU, "", ""),
    ],
)
def test_what_is_understood(text: str, word: Word, number: str, lang: str) -> None:
    assert VOCABULARY.read(text) == Asked(word, number, lang)


@pytest.mark.parametrize(
    "text",
    ["", " ", "?", "1", "00", BILL, "bonjour", "je veux PAYER 4821937028", "PAYERA", "saralon",
     "stopper1", "recu12", "paie", "PAYEROO", "payerl", "\x00"],
)  # fmt: skip
def test_what_is_no_keyword(text: str) -> None:
    assert VOCABULARY.read(text) is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (BILL, Asked(Word.PAY, BILL)),
        ("48-21-93-70-28", Asked(Word.PAY, BILL)),
        ("48219370Z8", Asked(Word.PAY, BILL)),
        ("7391 0264 8519 3719", Asked(Word.VERIFY, RECEIPT)),
        ("4821937029", None),
        ("76000001", None),
        ("1", None),
        ("", None),
    ],
)
def test_a_number_alone_is_what_its_check_digits_prove(text: str, asked: Asked | None) -> None:
    assert keywords.alone(text) == asked


@pytest.mark.parametrize(
    ("text", "taken"),
    [("1", "1"), (" 1. ", "1"), ("#1#", "1"), ("00", "00"), ("１", "1"), ("߁", "1"), ("1*1", "1*1"),
     ("1 non", "1 non"), ("oui", "oui"), ("O", "O"), ("l", "l"), ("", ""), ("-1", "1"),
     ("1?", "1?"), ("1 ？", "1 ?"), ("Kati", "Kati")],
)  # fmt: skip
def test_an_answer_is_taken_as_it_is_meant(text: str, taken: str) -> None:
    assert keywords.answer(text) == taken


def test_a_letter_is_a_digit_only_where_check_digits_prove_it() -> None:
    assert keywords.proven("48219370Z8") == BILL
    for unproven in ("O", "I", "4821937OZ9", "Soo"):
        assert keywords.proven(unproven) == unproven


@st.composite
def as_people_write(draw: st.DrawFn, text: str) -> str:
    """`text` in letters of either case, with fillers between its digits."""
    written = []
    for character in text:
        cased = character.upper() if draw(st.booleans()) else character.lower()
        gap = draw(st.sampled_from(["", "", " ", ".", "-"])) if character.isdigit() else ""
        written.append(gap + cased)
    return "".join(written)


@given(drawn=st.integers(0, 10**8 - 1), data=st.data())
def test_a_bill_is_read_however_it_is_written(drawn: int, data: st.DataObject) -> None:
    bill = check_digits.append(f"{drawn:08d}")
    word = data.draw(st.sampled_from(TEXTS.get("fr", "keyword.pay").split()))
    around = data.draw(st.text(FILLERS, max_size=3))
    written = (
        f"{around}{data.draw(as_people_write(word))}{around}{data.draw(as_people_write(bill))}"
    )
    assert VOCABULARY.read(f"{written}{around}") == Asked(Word.PAY, bill)


@given(drawn=st.integers(0, 10**8 - 1), place=st.integers(0, 9), data=st.data())
def test_no_wrong_digit_is_ever_read_as_a_bill(drawn: int, place: int, data: st.DataObject) -> None:
    bill = check_digits.append(f"{drawn:08d}")
    wrong = data.draw(st.sampled_from(sorted(set(string.digits) - {bill[place]})))
    typed = bill[:place] + wrong + bill[place + 1 :]
    asked = VOCABULARY.read(f"PAYER {typed}")
    assert asked == Asked(Word.PAY, typed)
    assert not check_digits.hold(typed, len(typed))


@given(st.text(max_size=300))
def test_any_text_is_read_without_harm(text: str) -> None:
    asked = VOCABULARY.read(text)
    assert asked is None or asked.number.isascii()
    keywords.alone(text)
    assert keywords.plain(text) == keywords.plain(keywords.plain(text))
    answered = keywords.answer(text)
    assert len(answered) <= max(600, len(text) * 4)


@in_every_language
def test_every_word_of_a_language_is_understood(lang: str) -> None:
    for word in Word:
        for written in TEXTS.get(lang, f"keyword.{word}").split():
            asked = VOCABULARY.read(written)
            assert asked is not None, written
            assert asked.word is word, written
            assert VOCABULARY.read(gsm7.to_wire(written, lang)) == asked


@in_every_language
def test_no_word_means_two_things(lang: str) -> None:
    said = [
        (keywords.plain(written), word)
        for word in Word
        for each in (lang, "fr")
        for written in TEXTS.get(each, f"keyword.{word}").split()
    ]
    assert len({written for written, _ in said}) == len(set(said))


@in_every_language
def test_every_answer_is_one_segment_in_the_letters_of_the_wire(lang: str) -> None:
    taught = VOCABULARY.taught(lang)
    for name in ANSWERS:
        text = gsm7.to_wire(TEXTS.get(lang, f"answer.{name}", number="36789", **taught), lang)
        assert gsm7.septets(text) is not None
        assert gsm7.segments(text) == 1, text
        assert not set(text) & set("{}?"), text


@in_every_language
def test_help_teaches_how_to_pay_to_check_and_to_stop(lang: str) -> None:
    taught = VOCABULARY.taught(lang)
    text = TEXTS.get(lang, "answer.help", **taught)
    for word in (Word.PAY, Word.VERIFY, Word.RECEIPTS, Word.MENU, Word.STOP):
        assert taught[word] in text


@pytest.mark.parametrize("lang", COMPLETE)
def test_the_words_and_the_answers_are_in_the_complete_languages(lang: str) -> None:
    own = {text_id for text_id in TEXTS.ids(lang) if text_id.startswith(("answer.", "keyword."))}
    assert own == {f"answer.{name}" for name in ANSWERS} | {f"keyword.{word}" for word in Word}
