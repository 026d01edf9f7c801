// One request and its answer, as they are on the wire. Nothing here knows what they mean.
//
//   state  sent      on its way
//          arrived   answered, and handed on
//          late      answered, but whoever asked had given up
//          lost      answered, but the session was cut meanwhile
//          failed    no answer

const DECODER = new TextDecoder();

let count = 0;

export class Exchange {
  constructor(path, type, body) {
    this.number = ++count;
    this.path = path;
    this.type = type;
    this.body = body;
    this.state = "sent";
    this.status = 0;
    this.answerType = "";
    this.bytes = null;
    this.ms = 0;
    this.note = ""; // what a repetition proved
  }

  /** The answer as text; the bytes are what is compared. */
  get text() {
    return this.bytes ? DECODER.decode(this.bytes) : "";
  }

  /** Send, and wait at most `patience` milliseconds. Never throws: no answer is a state. */
  async send(patience) {
    const began = performance.now();
    try {
      const answer = await fetch(this.path, {
        method: "POST",
        headers: { "Content-Type": this.type },
        body: this.body,
        signal: AbortSignal.timeout(patience),
      });
      this.bytes = new Uint8Array(await answer.arrayBuffer());
      this.status = answer.status;
      this.answerType = answer.headers.get("Content-Type") ?? "";
      this.state = "arrived";
    } catch {
      this.state = "failed"; // refused, cut or too slow: a browser does not tell them apart
    }
    this.ms = Math.round(performance.now() - began);
  }
}

export function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
