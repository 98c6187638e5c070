// Whose bank app it is, what a transfer is paid from, and what the shop itself has paid.

import { ask } from "./ask.js";
import { byId, make } from "./dom.js";
import { toast } from "./phone.js";
import { currentLanguage, say } from "./words.js";

const BUYER = 0;
const GOING_OUT = ["none", "twice", "late", "lost"];

let owner = BUYER;

export const ownerOf = (state) => state.phones[owner];

// Whoever's picture is scanned, it is with their own app.
export const ownedBy = (state, phone) => { owner = state.phones.findIndex(({ id }) => id === phone); };

export function openPurse(redraw) {
  for (const button of byId("bank-owners").children) {
    button.onclick = () => {
      owner = Number(button.dataset.role);
      redraw();
    };
  }
}

// The form for what was scanned, or for a transfer by hand: who pays, whom, and what may go wrong.
export function fillPurse({ out }, { payer }) {
  byId("bank-payer").hidden = out;
  byId("bank-from-account").value = payer.account;
  byId("bank-from-name").value = payer.name;
  for (const option of byId("bank-fault").options) option.hidden = out && !GOING_OUT.includes(option.value);
}

// Where the transfer is ordered, and what is said beside account, amount and memo.
export function purse({ out, holder, bank }) {
  if (out) return ["bank/send", { holder, bank }];
  return ["bank/pay", {
    from_account: byId("bank-from-account").value.trim(), from_name: byId("bank-from-name").value.trim(),
  }];
}

export function drawPurse(state) {
  for (const button of byId("bank-owners").children) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.role) === owner));
  }
  byId("bank-hint").textContent = say(owner === BUYER ? "sandbox-bank-scan-hint" : "sandbox-bank-scan-hint-seller");
  byId("bank-manual").hidden = owner !== BUYER || byId("bank-scan").hidden;
  for (const kind of ["csv", "xlsx"]) {
    byId(`statement-${kind}`).href = `/sandbox/statement.${kind}?language=${currentLanguage()}`;
  }
}

// Whether money has come or gone, for whose app it is.
export const signOf = ({ amount }) => ((amount < 0) === (owner === BUYER) ? "+" : "−");

// What stands beside a payment that the shop has sent: that it was the shop, and the button that lets it come back.
export function drawSent(payment) {
  if (payment.amount > 0) return [];
  const bounce = payment.bounced
    ? make("span", { className: "chip lost" }, say("sandbox-bank-bounced"))
    : make("button", {
      type: "button", className: "chip trouble", data: { testid: "bounce" },
      onclick: () => ask("bank/bounce", { ref: payment.ref }).catch((trouble) => toast(trouble.message)),
    }, say("sandbox-bank-bounce"));
  return [make("span", { className: "chip waiting" }, say("sandbox-bank-sent")), bounce];
}
