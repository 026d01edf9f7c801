// The phone's screen: seven lines, what is typed, and two words for the keys under it.

const LINE = 1 / 7; // of the height

export class Screen {
  constructor(find) {
    this.entry = find("entry");
    this.#text = find("text");
    this.#list = find("list");
    this.#more = find("more");
    this.#words = { left: find("left-word"), right: find("right-word") };
    this.#keys = Object.fromEntries(
      ["left", "right"].map((side) => [side, document.querySelector(`[data-key=${side}]`)]),
    );
    this.#badge = find("badge");
    this.#unread = find("unread");
    this.#list.addEventListener("focusin", ({ target }) => {
      this.#choose(this.#rows().indexOf(target), false);
    });
    for (const each of [this.#text, this.#list]) {
      each.addEventListener("scroll", () => this.#showMore());
    }
  }

  #text;
  #list;
  #more;
  #words;
  #keys;
  #badge;
  #unread;

  /** Show {text, kind, entry, left, right}; `entry` names what may be typed, or is empty. */
  show({ text, kind, entry, left, right }) {
    this.#list.hidden = true;
    this.#text.hidden = false;
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#text.dataset.kind = kind;
    this.#text.scrollTop = 0;
    this.entry.readOnly = !entry;
    this.entry.ariaLabel = entry || "Écran du téléphone";
    this.#name(left, right);
    this.#showMore();
  }

  /** Show messages, newest first; `open(message)` when one is chosen. */
  showList(messages, isRead, open, { left, right }) {
    this.#text.hidden = true;
    this.#list.hidden = false;
    const here = this.#list.closest(".phone").contains(document.activeElement);
    this.#list.replaceChildren(...messages.map((each) => row(each, isRead(each), open)));
    this.entry.readOnly = true;
    this.#name(left, right);
    this.#choose(0, here);
    this.#showMore();
  }

  /** Which message of the list the bar is on. */
  get chosen() {
    return this.#rows().findIndex((each) => each.classList.contains("chosen"));
  }

  #rows() {
    return [...this.#list.querySelectorAll("button")];
  }

  /** Put the bar on a message, and the focus too unless it lies elsewhere. */
  #choose(at, focus) {
    const rows = this.#rows();
    const chosen = rows[Math.min(Math.max(at, 0), rows.length - 1)];
    for (const each of rows) each.classList.toggle("chosen", each === chosen);
    if (focus) chosen.focus();
    else chosen.scrollIntoView({ block: "nearest" });
  }

  /** Change what the keys do, and leave the rest. */
  #name(left, right) {
    for (const [side, word] of Object.entries({ left, right })) {
      this.#words[side].textContent = word;
      this.#keys[side].ariaLabel = word || "Touche sans effet";
      this.#keys[side].dataset.word = word;
    }
  }

  /** Scroll by so many lines, or move so far in the list. */
  move(lines) {
    if (this.#list.hidden) {
      this.#text.scrollTop += lines * this.#text.clientHeight * LINE;
      return;
    }
    this.#choose(this.chosen + lines, this.#list.contains(document.activeElement));
  }

  badge(count) {
    this.#badge.hidden = count === 0;
    this.#unread.textContent = count;
    this.#badge.ariaLabel = `${count} ${count > 1 ? "messages non lus" : "message non lu"}`;
  }

  #showMore() {
    const shown = this.#list.hidden ? this.#text : this.#list;
    const above = shown.scrollTop > 1;
    const below = shown.scrollHeight - shown.scrollTop - shown.clientHeight > 1;
    this.#more.textContent = (above ? "▲" : "") + (below ? "▼" : "");
  }
}

function row(message, read, open) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.classList.toggle("new", !read);
  const text = document.createElement("span");
  text.textContent = message.text;
  const time = document.createElement("time");
  time.textContent = hour(message.at);
  button.append(text, time);
  button.ariaLabel = `${read ? "" : "Non lu, "}${time.textContent}, ${message.text}`;
  button.addEventListener("click", () => open(message));
  item.append(button);
  return item;
}

/** Hours and minutes of an ISO time: Mali lives in UTC. */
export function hour(iso) {
  return iso.slice(11, 16);
}
