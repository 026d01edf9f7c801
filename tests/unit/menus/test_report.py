"""The compiled dialogue as people read it: a tree with septets, a drawing."""

from menus.compiler import compile_, report
from menus.compiler.fit import Measure
from menus.protocol import FindBill, Greet, OpenPayment
from menus.rules import bill_number
from menus.screens import (
    HOME,
    START,
    Ask,
    Confirm,
    Dialogue,
    Find,
    Label,
    Menu,
    Notice,
    Option,
    Work,
)
from tests.dialogues.world import DIALOGUE
from tests.unit.menus.breaking import GOOD

PLACES = tuple(Option(str(key), Label(name="Kati"), "end") for key in range(1, 8))
SMALL: Dialogue = {
    START: Work(lambda _a: Greet(), {"home": HOME, "under_way": "end"}),
    HOME: Menu(
        "title", (Option("1", Label("fine"), "fine.number"), Option("2", Label("p"), "places"))
    ),
    "fine.number": Ask("ask", bill_number, "bill_number", "fine.find"),
    "fine.find": Work(lambda _a: FindBill(""), {"due": "confirm"}, {"unknown": "problem"}),
    "confirm": Confirm("confirm", (Option("1", Label("pay"), "open"),), "fine.find"),
    "open": Work(lambda _a: OpenPayment("", 1, "", ""), {"opened": "end"}, pays=True),
    "places": Find("places", PLACES, "problem"),
    "end": Notice("end"),
}
ONE_PAGE = {152: 1, 160: 1, 182: 1}
MEASURES = [
    *(Measure(name, "fr", len(name), ONE_PAGE) for name in (HOME, "fine.number", "confirm", "end")),
    *(Measure(name, "bm", 7, ONE_PAGE) for name in (HOME, "fine.number", "confirm", "end")),
    Measure("places", "fr", 150, {152: 3, 160: 2, 182: 1}),
    Measure("places", "bm", 140, ONE_PAGE),
]


def test_the_tree_names_each_screen_once_with_its_septets_and_the_keys_that_lead_there() -> None:
    assert list(report.tree(SMALL, MEASURES)) == [
        "   greet [work]",
        "  home home [menu]  fr 4  bm 7",
        "     1 fine.number [ask]  fr 11  bm 7",
        "         fine.find [work]",
        "        due confirm [confirm]  fr 7  bm 7",
        "           1 open [work]",
        "            opened end [notice]  fr 3  bm 7",
        "     2 places [find]  fr 150 (3 pages)  bm 140",
        "      1-7 end [notice]  (above)",
        "  under_way end [notice]  (above)",
    ]


def test_the_drawing_has_each_node_in_its_shape_and_each_way_with_what_leads_there() -> None:
    assert list(report.mermaid(SMALL)) == [
        "flowchart LR",
        '    greet("greet")',
        '    home["home"]',
        '    fine_number[/"fine.number"/]',
        '    fine_find("fine.find")',
        '    confirm{{"confirm"}}',
        '    open("open")',
        '    places[/"places"/]',
        '    end(["end"])',
        '    greet -- "home" --> home',
        '    greet -- "under_way" --> end',
        '    home -- "1" --> fine_number',
        '    home -- "2" --> places',
        "    fine_number --> fine_find",
        '    fine_find -- "due" --> confirm',
        '    confirm -- "1" --> open',
        '    open -- "opened" --> end',
        '    places -- "1-7" --> end',
    ]


def test_the_real_tree_and_drawing_name_every_node() -> None:
    tree = "\n".join(report.tree(DIALOGUE, compile_(GOOD)))
    drawing = list(report.mermaid(DIALOGUE))
    for name in DIALOGUE:
        assert f" {name} [" in tree
        assert any(f'"{name}"' in line for line in drawing)
