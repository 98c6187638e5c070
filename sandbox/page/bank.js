// The bank's app: scan, form, pay, statement.

import { chip, counted, statusChip } from "./answers.js";
import { ask } from "./ask.js";
import { drawCheckouts } from "./checkouts.js";
import { byId, keep, make } from "./dom.js";
import { drawKhqr, fillKhqr, openKhqr } from "./khqr.js";
import { drawPurse, drawSent, fillPurse, openPurse, ownedBy, ownerOf, purse, signOf } from "./purse.js";
import { choice, nameOf } from "./sources.js";
import { clockTime, money } from "./times.js";
import { say } from "./words.js";

let scanned = { account: "" };
let state = null;
let tellers = new Set();

const digits = (text) => Number(text.replace(/\D/g, ""));
const grouped = (amount) => new Intl.NumberFormat("vi-VN").format(amount);

export function openBank(hands) {
  byId("bank-scan").onclick = () => scan(ownerOf(state).id);
  byId("bank-manual").onclick = byHand;
  byId("bank-again").onclick = () => showForm(false);
  byId("bank-amount").oninput = ({ target }) => {
    target.value = digits(target.value) ? grouped(digits(target.value)) : "";
  };
  byId("transfer").onsubmit = (event) => {
    event.preventDefault();
    pay();
  };
  openKhqr(() => showForm(false), showTrouble);
  openPurse(hands.redraw);
  return { draw, scan };
}

async function scan(phone, message) {
  showTrouble("");
  ownedBy(state, phone);
  const body = message === undefined ? { phone } : { phone, message };
  try {
    const code = await ask("bank/scan", body);
    if (code.qr) showKhqr(code);
    else fill(code);
  } catch (trouble) {
    showForm(false);
    showTrouble(trouble.message);
  }
}

// To the shop's own account, with nothing that names an order.
function byHand() {
  const { account, holder, sources, telling } = state.bank;
  fill({ account, holder, sources, telling, bank: "", amount: 0, memo: "", out: false });
}

function fill(code) {
  scanned = code;
  fillPurse(code, state.bank);
  byId("bank-pay").textContent = payWord();
  byId("bank-holder").textContent = code.holder || say("sandbox-bank-unknown-holder");
  byId("bank-bin").textContent = [code.bank, code.account].filter(Boolean).join(" · ");
  byId("bank-account").value = code.account;
  byId("bank-amount").value = code.amount ? grouped(code.amount) : "";
  byId("bank-memo").value = code.memo ?? "";
  byId("bank-fault").value = "none";
  tellers = new Set(code.telling);
  byId("bank-tellers").replaceChildren(...code.sources.map(drawTeller));
  byId("bank-sources").hidden = code.sources.length < 2;
  showForm(true);
}

function drawTeller(source) {
  return choice(nameOf(source), `bank-source-${source}`, tellers.has(source),
    (on) => (on ? tellers.add(source) : tellers.delete(source)));
}

async function pay() {
  const button = byId("bank-pay");
  button.disabled = true;
  button.textContent = say("sandbox-bank-paying");
  showTrouble("");
  const account = byId("bank-account").value.trim();
  const chosen = account === scanned.account ? { sources: [...tellers] } : {};
  const [path, more] = purse(scanned);
  try {
    await ask(path, {
      ...more,
      account,
      amount: digits(byId("bank-amount").value),
      memo: byId("bank-memo").value,
      fault: byId("bank-fault").value,
      ...chosen,
    });
    showForm(false);
  } catch (trouble) {
    showTrouble(trouble.message);
  } finally {
    button.disabled = false;
    button.textContent = payWord();
  }
}

const payWord = () => say(scanned.out ? "sandbox-bank-send" : "sandbox-bank-pay");

function showKhqr(code) {
  fillKhqr(code);
  showForm(false);
  byId("khqr").hidden = false;
  byId("bank-scan").hidden = true;
  drawPurse(state);
}

function showForm(open) {
  byId("transfer").hidden = !open;
  byId("khqr").hidden = true;
  byId("bank-scan").hidden = open;
  drawPurse(state);
  byId("transfer").parentElement.scrollTop = 0;
}

function showTrouble(text) {
  byId("bank-trouble").textContent = text;
  byId("bank-trouble").hidden = !text;
}

function draw(fresh) {
  state = fresh;
  drawPurse(state);
  drawCheckouts(state);
  drawKhqr(state);
  const payments = [...state.bank.payments].reverse().map((payment) => ({ ...payment, sign: signOf(payment) }));
  const others = state.vnpay.length + state.sepay_pg.length + state.bakong.payments.length;
  const items = payments.length || others ? payments : [{ ref: "none", empty: say("sandbox-bank-history-empty") }];
  keep(byId("payments"), items, (item) => item.ref, (item) =>
    item.empty ? make("li", { className: "empty" }, item.empty) : drawPayment(item));
}

function drawPayment(payment) {
  const head = make("div", { className: "line" }, make("b", {}, `${payment.sign} ${money(Math.abs(payment.amount))}`),
    ...drawSent(payment), ...payment.reports.flatMap(outcomes));
  const fault = payment.fault === "none" ? null
    : make("span", { className: "fault-chip" }, say(`sandbox-fault-${payment.fault}`));
  const foot = make("div", { className: "foot" },
    make("time", {}, clockTime(Date.parse(payment.at))), make("span", {}, payment.amount < 0 ? payment.other.account : payment.account), fault);
  return make("li", { data: { testid: "payment", fault: payment.fault } },
    head, make("p", { className: "memo" }, payment.memo), foot);
}

function outcomes(report) {
  const name = nameOf(report.source);
  const chips = counted(report.answers, (status, count) => statusChip(name, status, count));
  if (!report.done) chips.push(chip("waiting", "sandbox-answer-waiting", name));
  else if (!report.answers.length) chips.push(chip("lost", "sandbox-answer-never", name));
  return chips;
}
