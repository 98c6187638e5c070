// The bank's app on a KHQR code: what it asks for, paying it by Bakong, and what was paid so.

import { ask } from "./ask.js";
import { byId, keep, make } from "./dom.js";
import { clockTime, moneyIn } from "./times.js";
import { toast } from "./phone.js";
import { say } from "./words.js";

const FAULTS = {
  none: "sandbox-fault-none",
  short: "sandbox-khqr-short",
  wrong_currency: "sandbox-khqr-wrong_currency",
  elsewhere: "sandbox-khqr-elsewhere",
};

let scanned = null;

// `done` closes the form, `fail` tells what went wrong.
export function openKhqr(done, fail) {
  byId("khqr-again").onclick = done;
  byId("khqr").onsubmit = (event) => {
    event.preventDefault();
    pay(done, fail);
  };
  byId("fault-bakong-list").onchange = ({ target }) =>
    ask("bakong/list", { refused: target.checked }).catch((trouble) => toast(trouble.message));
}

export function fillKhqr(code) {
  scanned = code;
  byId("khqr-holder").textContent = code.holder;
  byId("khqr-account").textContent = `${code.account} · ${code.memo}`;
  byId("khqr-amount").textContent = moneyIn(code.amount, code.currency);
  byId("khqr-fault").value = "none";
}

async function pay(done, fail) {
  byId("khqr-pay").disabled = true;
  try {
    await ask("bakong/pay", { qr: scanned.qr, fault: byId("khqr-fault").value });
    done();
  } catch (trouble) {
    fail(trouble.message);
  } finally {
    byId("khqr-pay").disabled = false;
  }
}

export function drawKhqr({ bakong }) {
  byId("fault-bakong-list").checked = bakong.list_refused;
  keep(byId("khqr-payments"), [...bakong.payments].reverse(), (payment) => payment.hash, drawPayment);
}

function drawPayment(payment) {
  const fault = payment.fault === "none" ? null : make("span", { className: "fault-chip" }, say(FAULTS[payment.fault]));
  const foot = make("div", { className: "foot" },
    make("time", {}, clockTime(Date.parse(payment.at))), make("span", {}, payment.to), fault);
  return make("li", { data: { testid: "khqr-payment", fault: payment.fault } },
    make("div", { className: "line" }, make("b", {}, `− ${moneyIn(payment.amount, payment.currency)}`),
      make("span", {}, "Bakong")), foot);
}
