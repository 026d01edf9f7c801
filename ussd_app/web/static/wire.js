// The exchanges, newest first, raw: what is shown is what was sent, to the byte.

const KEPT = 40;
const ENDED = {
  sent: "en route…",
  failed: "pas de réponse",
  late: "trop tard : la passerelle a renoncé",
  lost: "réponse perdue : session coupée",
};

export class Wire {
  #list;
  #shown = new Map(); // exchange -> its element

  constructor(list) {
    this.#list = list;
  }

  /** Show an exchange, or what has changed of it. */
  show(exchange) {
    const known = this.#shown.get(exchange);
    const item = known ?? document.createElement("li");
    if (!known) {
      for (const each of this.#list.querySelectorAll("details[open]")) each.open = false;
      this.#shown.set(exchange, item);
      this.#list.prepend(item);
      this.#forget();
    }
    item.value = exchange.number;
    item.dataset.state = exchange.state;
    const open = item.querySelector("details")?.open ?? true;
    const details = element("details", "", summary(exchange), request(exchange), answer(exchange));
    details.open = open;
    item.replaceChildren(details);
  }

  #forget() {
    for (const [exchange, item] of this.#shown) {
      if (this.#shown.size <= KEPT) return;
      item.remove();
      this.#shown.delete(exchange);
    }
  }
}

function summary(exchange) {
  const parts = [element("b", "what", title(exchange))];
  if (exchange.bytes) {
    const size = `${exchange.bytes.length} octets · ${exchange.ms} ms`;
    const word = exchange.text.slice(0, 3);
    const outcome = word === "CON" || word === "END" ? word : String(exchange.status);
    parts.push(element("span", `outcome ${outcome}`, outcome), element("span", "size", size));
  }
  const ended = ENDED[exchange.state];
  if (ended) parts.push(element("span", "ended", ended));
  if (exchange.note) parts.push(element("span", "note", exchange.note));
  return element("summary", "", ...parts);
}

function title({ path, body }) {
  const form = new URLSearchParams(body);
  if (!form.has("text")) return path;
  return form.get("text") ? `text=${form.get("text")}` : form.get("serviceCode");
}

function request({ path, type, body }) {
  // A field a line for the eye; the text itself is the body, unbroken, as a copy of it shows.
  const fields = type.includes("form") ? body.split(/(?=&)/) : [body];
  const lines = fields.map((each) => element("span", "field", each));
  return element("div", "out", element("p", "head", `POST ${path} · ${type}`),
    element("pre", "", ...lines));
}

function answer(exchange) {
  if (!exchange.bytes) return element("div", "in");
  const head = `${exchange.status} · ${exchange.answerType}`;
  return element("div", "in", element("p", "head", head), element("pre", "", exchange.text));
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}
