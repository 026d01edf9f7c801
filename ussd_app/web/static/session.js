// The gateway's side of a USSD session, in the words of Africa's Talking.
//
// Each turn is one form. `text` is everything typed since the code was dialled, joined by `*`; the
// answer begins with CON while the session goes on, and with END when it is over.
// Source: the provider's USSD documentation.

import { Exchange, sameBytes } from "./exchange.js";

const DOOR = "/ussd/africastalking";
const FORM = "application/x-www-form-urlencoded";
const NETWORK = "99999"; // the provider's own sandbox; it lists no network of Mali
const PATIENCE = 10_000; // milliseconds the gateway waits for an answer
const ANSWER = /^(CON|END) ([^]*)$/;

export class Line {
  #session = null; // the open one
  #last = null; // {session, body, bytes} of the last turn answered, open or not
  #report;

  /** `report(exchange)` is called when an exchange begins and whenever it changes. */
  constructor(report) {
    this.#report = report;
    this.delay = 0; // milliseconds that answers spend on the way
  }

  get open() {
    return this.#session !== null;
  }

  get repeatable() {
    return this.#last !== null;
  }

  /** Open a session. Like the others, resolves to {kind: shown|refused|failed|late|lost, ...}. */
  dial(number, code) {
    this.#session = { id: `ATUid_${randomHex()}`, number, code, typed: [] };
    return this.#turn(this.#session);
  }

  answer(typed) {
    this.#session.typed.push(typed);
    return this.#turn(this.#session);
  }

  /** Forget the session: nobody tells the application, which is what networks do. */
  cut() {
    this.#session = null;
  }

  /** Another SIM: what was said from the first is not its to repeat. */
  reset() {
    this.#session = this.#last = null;
  }

  /** Send the last turn again, as a gateway that missed the answer; tell whether it is the same. */
  async repeat() {
    const { session, body, bytes } = this.#last;
    const exchange = new Exchange(DOOR, FORM, body);
    exchange.note = "répété";
    await this.#send(exchange);
    if (exchange.state !== "arrived") return { kind: exchange.state };
    const same = sameBytes(bytes, exchange.bytes);
    const sizes = `${bytes.length} et ${exchange.bytes.length}`;
    exchange.note = same ? "répété : octets identiques" : `répété : octets différents (${sizes})`;
    this.#report(exchange);
    const current = this.#session === session && this.#last.body === body;
    return { ...read(exchange), same, current, size: exchange.bytes.length };
  }

  async #turn(session) {
    const body = form(session);
    const exchange = new Exchange(DOOR, FORM, body);
    await this.#send(exchange, () => this.#session === session);
    if (exchange.bytes) this.#last = { session, body, bytes: exchange.bytes };
    const got = exchange.state === "arrived" ? read(exchange) : { kind: exchange.state };
    const goesOn = got.kind === "shown" && !got.over;
    if (!goesOn && this.#session === session) this.#session = null;
    return got;
  }

  async #send(exchange, wanted = () => true) {
    this.#report(exchange);
    await exchange.send(PATIENCE);
    if (exchange.state === "arrived" && this.delay) {
      const left = PATIENCE - exchange.ms;
      await new Promise((resume) => setTimeout(resume, Math.min(this.delay, left)));
      if (this.delay > left) exchange.state = "late";
    }
    if (!wanted()) exchange.state = "lost";
    this.#report(exchange);
  }
}

function form({ id, number, code, typed }) {
  return new URLSearchParams({
    sessionId: id,
    phoneNumber: number,
    networkCode: NETWORK,
    serviceCode: code,
    text: typed.join("*"),
  }).toString();
}

function read(exchange) {
  const found = exchange.status === 200 && ANSWER.exec(exchange.text);
  if (!found) return { kind: "refused" };
  return { kind: "shown", over: found[1] === "END", text: found[2] };
}

// Not crypto.randomUUID: that one exists on https and localhost only.
function randomHex() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
