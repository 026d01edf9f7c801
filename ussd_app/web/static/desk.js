// What lies on the desk beside the phone: SIM cards, fines, and a hand on the network.

import { Exchange } from "./exchange.js";

const PATIENCE = 10_000; // milliseconds
const FINES_SHOWN = 3;

/** The SIM cards; `insert(national, fate)` when one is chosen, and once now. */
export function sims(find, insert) {
  const free = find("free");
  const number = find("free-number");
  const choose = () => {
    const chosen = document.querySelector("input[name=sim]:checked");
    if (chosen !== free) return insert(chosen.value);
    const digits = number.value.replace(/^(\+|00)?223(?=.{8})|\D/g, "");
    const good = digits.length === 8;
    number.ariaInvalid = String(!good && number.value !== "");
    find("free-fate").textContent = good ? fate(find, digits.slice(-2)) : "8 chiffres, à votre choix";
    return good ? insert(digits) : undefined;
  };
  for (const radio of document.querySelectorAll("input[name=sim]")) {
    radio.addEventListener("change", choose);
  }
  free.addEventListener("click", ({ detail }) => detail && number.focus()); // by hand, not by arrow
  number.addEventListener("input", () => {
    free.checked = true;
    choose();
  });
  choose();
}

function fate(find, ending) {
  const known = find("fates").querySelector(`[data-ending="${ending}"] dd`)
    ?? find("fates").querySelector("dd");
  return `${ending} : ${known.textContent}`;
}

/** Fines on demand; `fill(code)` puts a code in the phone. */
export function fines(find, short, report, fill) {
  find("plain").addEventListener("click", (event) => fill(event.currentTarget.dataset.dial));
  find("fine").addEventListener("click", async () => {
    const wish = JSON.stringify({ offence: find("offence").value });
    const exchange = new Exchange("/sandbox/fines", "application/json", wish);
    report(exchange);
    await exchange.send(PATIENCE);
    report(exchange);
    if (exchange.status !== 201) {
      find("fine-said").textContent = "L'amende n'a pas été enregistrée : voyez le fil.";
      return;
    }
    const bill = JSON.parse(exchange.text);
    const code = `${short}*1*${bill.bill_number}#`;
    find("fine-said").textContent = "L'amende est dans le téléphone : il reste à appeler.";
    const list = find("fines");
    list.hidden = false;
    list.prepend(card(bill, () => fill(code)));
    for (const old of [...list.children].slice(FINES_SHOWN)) old.remove();
    fill(code);
  });
}

function card({ bill_number: number, amount }, dial) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  const francs = String(amount).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  const code = document.createElement("code");
  code.textContent = number;
  button.append(code, ` · ${francs} F CFA`);
  button.title = "Composer de nouveau";
  button.addEventListener("click", dial);
  item.append(button);
  return item;
}

/**
 * The network's faults. `dropped()` after a cut; `repeated(got)` after a repetition. Returns what
 * forgets the last verdict.
 */
export function network(find, line, dropped, repeated) {
  const say = (text, mark = "") => {
    find("verdict").textContent = text;
    find("verdict").dataset.mark = mark;
  };
  find("cut").addEventListener("click", () => {
    if (!line.open) return say("Aucune session n'est ouverte.");
    line.cut();
    dropped();
    return say("Session coupée. Sàrali n'en sait rien : recomposez.");
  });
  find("repeat").addEventListener("click", async () => {
    if (!line.repeatable) return say("Rien à répéter : composez d'abord.");
    say("La même requête est repartie…");
    const got = await line.repeat();
    if (!("same" in got)) return say("La répétition est restée sans réponse.", "bad");
    repeated(got);
    return got.same
      ? say(`Même requête, mêmes octets : ${got.size} sur ${got.size} identiques.`, "good")
      : say("Même requête, mais d'autres octets : voyez le fil.", "bad");
  });
  for (const radio of document.querySelectorAll("input[name=delay]")) {
    radio.addEventListener("change", () => {
      line.delay = Number(radio.value) * 1000;
      find("signal").dataset.bars = radio.value;
    });
  }
  return () => say("");
}
