// The SMS of the number in the phone, asked for again and again: the outbox does not call.

const POLL = 1_000; // milliseconds

export class Inbox {
  #number = "";
  #read = new Set(); // messages opened since the page was loaded, all SIMs together
  #changed;
  #timer = 0;

  /** `changed(newcomers)` is called when a message came, was read, or the SIM changed. */
  constructor(changed) {
    this.#changed = changed;
    this.messages = []; // newest first
  }

  get unread() {
    return this.messages.filter((each) => !this.#read.has(key(each))).length;
  }

  isRead(message) {
    return this.#read.has(key(message));
  }

  open(message) {
    this.#read.add(key(message));
    this.#changed(0);
  }

  /** Receive the messages of this E.164 number from now on. */
  insert(number) {
    this.#number = number;
    this.messages = [];
    this.#changed(0);
    clearTimeout(this.#timer);
    this.#poll(number, true);
  }

  async #poll(number, first = false) {
    if (!document.hidden || first) {
      const found = await fetched(number);
      if (number !== this.#number) return; // the SIM was changed meanwhile
      const newcomers = found ? found.length - this.messages.length : 0;
      if (newcomers) {
        this.messages = [...found].reverse();
        this.#changed(first ? 0 : Math.max(0, newcomers));
      }
    }
    this.#timer = setTimeout(() => this.#poll(number), POLL);
  }
}

async function fetched(number) {
  try {
    const answer = await fetch(`/sandbox/outbox?to=${encodeURIComponent(number)}`);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // no network for a moment: the next look will tell
  }
}

function key(message) {
  return `${message.to} ${message.at} ${message.text}`;
}
