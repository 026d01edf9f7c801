// The handset: what is on the screen, and what each key does then.

import * as desk from "./desk.js";
import { Inbox } from "./inbox.js";
import { Typist, listen } from "./keypad.js";
import { hour, Screen } from "./screen.js";
import { Line } from "./session.js";
import { Wire } from "./wire.js";

const COUNTRY = "+223";
const CODE = document.body.dataset.code;
const SHORT = CODE.replace(/#$/, "");
const DIALLED_CODE = /\*\d+(?:\*\d+)+#/; // in a message
const LARGE_MAX = 18; // characters that fit in large type
const NETWORK_TROUBLE = {
  refused: "Problème de connexion ou code IHM non valide.",
  failed: "Pas de réponse du réseau.",
  late: "Pas de réponse du réseau : la passerelle a renoncé après 10 s.",
};

const find = (id) => document.getElementById(id);
const screen = new Screen(find);
const { entry } = screen;
const typist = new Typist(entry);
const wire = new Wire(find("wire"));
const line = new Line((exchange) => wire.show(exchange));
const inbox = new Inbox(mailChanged);

let national = "";
let lastCode = CODE;
let now = { is: "idle" }; // idle wait dialogue over notice inbox message

// For each state: {text, entry, left: [word, action], right: [word, action]}.
const LOOKS = {
  idle: () => ({
    text: entry.value ? "" : welcome(),
    entry: "Code à composer",
    left: entry.value ? ["Appeler", call] : ["Messages", openInbox],
    right: entry.value ? ["Effacer", () => typist.erase()] : ["", ignore],
  }),
  wait: () => ({ text: "\n\nRequête en cours…", left: ["", ignore], right: ["Annuler", hangUp] }),
  dialogue: () => ({
    text: now.text, entry: "Réponse", left: ["Répondre", reply], right: ["Quitter", hangUp],
  }),
  over: () => ({ text: now.text, left: ["OK", goIdle], right: ["", ignore] }),
  notice: () => ({ text: now.text, left: ["Rappeler", redial], right: ["Retour", goIdle] }),
  inbox: () => ({ left: ["Lire", readChosen], right: ["Retour", goIdle] }),
  message: () => ({
    text: `${now.message.from}  ${hour(now.message.at)}\n${now.message.text}`,
    left: now.code ? ["Composer", () => fill(now.code)] : ["OK", openInbox],
    right: ["Retour", openInbox],
  }),
};

function look() {
  return { entry: "", text: "", ...LOOKS[now.is]() };
}

function show(next) {
  const inList = find("list").contains(document.activeElement);
  now = next;
  entry.value = "";
  typist.letters = false;
  paint();
  if (inList && now.is !== "inbox") entry.focus(); // a hidden row cannot keep it
}

function paint() {
  const { left, right, ...rest } = look();
  const words = { left: left[0], right: right[0] };
  find("mode").hidden = now.is !== "dialogue";
  find("mode").textContent = typist.letters ? "ABC" : "123";
  const dialled = now.is === "idle" ? entry.value.length : 0;
  find("phone").toggleAttribute("data-dialling", dialled > 0);
  if (dialled) find("phone").dataset.dialling = dialled > LARGE_MAX ? "long" : "short";
  if (now.is === "inbox" && inbox.messages.length) {
    screen.showList(inbox.messages, (each) => inbox.isRead(each), openMessage, words);
  } else {
    screen.show({ ...rest, ...words, kind: now.is });
  }
}

function welcome() {
  const count = inbox.unread;
  const mail = count ? `${count} ${count > 1 ? "messages non lus" : "message non lu"}` : "";
  return `\nComposez\n${CODE}\n\n${mail}`;
}

const ignore = () => {};
const goIdle = () => show({ is: "idle" });

function call() {
  const code = entry.value;
  if (!/^\*[0-9*]+#$/.test(code)) {
    return show({ is: "notice", text: `Ce téléphone ne compose que des codes, comme ${CODE}` });
  }
  lastCode = code;
  return travel(line.dial(COUNTRY + national, code));
}

function redial() {
  show({ is: "idle" });
  fill(lastCode);
  return call();
}

function reply() {
  const typed = entry.value;
  return typed ? travel(line.answer(typed)) : undefined;
}

async function travel(turn) {
  show({ is: "wait" });
  forgetVerdict();
  const got = await turn;
  if (got.kind !== "lost") arrive(got); // lost: the screen has said so, and may have moved on
}

function arrive(got) {
  if (got.kind === "shown") return show({ is: got.over ? "over" : "dialogue", text: got.text });
  return show({ is: "notice", text: NETWORK_TROUBLE[got.kind] });
}

function hangUp() {
  line.cut();
  goIdle();
}

function fill(code) {
  if (line.open) line.cut();
  show({ is: "idle" });
  entry.value = code;
  paint();
  find("phone").scrollIntoView({ block: "nearest" });
  entry.focus({ preventScroll: true });
}

function openInbox() {
  show(inbox.messages.length ? { is: "inbox" } : { is: "over", text: "Aucun message." });
}

function openMessage(message) {
  show({ is: "message", message, code: DIALLED_CODE.exec(message.text)?.[0] });
  inbox.open(message);
}

function readChosen() {
  openMessage(inbox.messages[screen.chosen]);
}

function mailChanged(newcomers) {
  screen.badge(inbox.unread);
  const quiet = now.is === "idle" && !entry.value;
  if (quiet || (now.is === "inbox" && newcomers)) paint();
  if (newcomers) {
    find("news").textContent = `Message de ${inbox.messages[0].from}`;
    find("phone").classList.add("buzz");
  }
}

function press(key) {
  const { left, right, entry: writable } = look();
  const back = now.is === "inbox" || now.is === "message";
  if (key === "left") return left[1]();
  if (key === "right") return right[1]();
  if (key === "up" || key === "down") return screen.move(key === "up" ? -1 : 1);
  if (key === "hang") return hangUp();
  if (key === "call") return now.is === "idle" && !entry.value ? fill(lastCode) : left[1]();
  if (key === "clear") return back ? right[1]() : writable && typist.erase();
  if (now.is === "over" || now.is === "notice") goIdle(); // a new number, as on any phone
  else if (!writable) return undefined;
  if (key === "#" && now.is === "dialogue") {
    typist.letters = !typist.letters;
    return paint();
  }
  return typist.type(key);
}

function insert(number) {
  if (number === national) return;
  national = number;
  line.reset();
  find("carrier").textContent = spaced(number);
  inbox.insert(COUNTRY + number);
  goIdle();
}

function dropped() {
  show({ is: "notice", text: "Connexion coupée par le réseau." });
}

function repeated(got) {
  if (!got.same && got.current) arrive(got); // the same bytes are the same screen
}

function spaced(digits) {
  return digits.replace(/\B(?=(\d{2})+$)/g, " ");
}

function tick() {
  find("clock").textContent = hour(new Date().toISOString());
}

entry.addEventListener("input", () => now.is === "idle" && paint());
find("phone").addEventListener("animationend", () => find("phone").classList.remove("buzz"));
listen(find("phone"), entry, press);
desk.sims(find, insert);
desk.fines(find, SHORT, (exchange) => wire.show(exchange), fill);
const forgetVerdict = desk.network(find, line, dropped, repeated);
tick();
setInterval(tick, 5_000);
entry.focus({ preventScroll: true });
