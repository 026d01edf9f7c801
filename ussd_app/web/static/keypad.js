// Keys, of the phone and of the computer. Both end in `press(name)`:
//   0-9 * #   left right (under the screen)   up down   call hang clear

const LETTERS = {
  2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ",
};
const TAP = 900; // milliseconds within which the same key gives its next letter
const NAMED = { Enter: "left", Escape: "hang", ArrowUp: "up", ArrowDown: "down", Backspace: "clear" };

/** Types into the input: digits, or letters by pressing a key several times. */
export class Typist {
  #input;
  #tapped = { key: "", times: 0, at: 0 };

  constructor(input) {
    this.#input = input;
    this.letters = false;
  }

  type(key) {
    const choices = this.letters ? (LETTERS[key] ?? "") + key : key;
    const again = this.#isAgain(key) && choices.length > 1;
    const times = again ? this.#tapped.times + 1 : 0;
    this.#tapped = { key, times, at: performance.now() };
    this.#insert(choices[times % choices.length], again ? 1 : 0);
  }

  erase() {
    const { selectionStart: from, selectionEnd: to } = this.#input;
    this.#tapped.key = "";
    this.#insert("", from === to ? 1 : 0);
  }

  #isAgain(key) {
    return this.letters && key === this.#tapped.key && performance.now() - this.#tapped.at < TAP;
  }

  /** Put `text` where the cursor is, after removing `before` characters. */
  #insert(text, before) {
    const input = this.#input;
    const from = Math.max(0, input.selectionStart - before);
    if (input.value.length - (input.selectionEnd - from) + text.length > input.maxLength) return;
    input.setRangeText(text, from, input.selectionEnd, "end");
    input.dispatchEvent(new Event("input"));
  }
}

/** Listen to the keys in `phone`, and to the computer's while nothing else has the focus. */
export function listen(phone, entry, press) {
  const keys = new Map();
  for (const button of phone.querySelectorAll("[data-key]")) {
    keys.set(button.dataset.key, button);
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays
    button.addEventListener("click", () => press(button.dataset.key));
  }
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (target !== document.body && !phone.contains(target)) return;
    const name = NAMED[key] ?? key;
    keys.get(name)?.classList.add("down");
    const digit = /^[0-9*#+]$/.test(key);
    if (digit && !entry.readOnly) return entry.focus(); // and the browser types it there
    if (!digit && !(key in NAMED)) return;
    if (key === "Enter" && target.closest("button")) return; // presses that button
    if (key === "Backspace" && target === entry && !entry.readOnly) return;
    event.preventDefault();
    press(name);
  });
  document.addEventListener("keyup", () => {
    for (const button of keys.values()) button.classList.remove("down");
  });
}
