// Draws what is paid in the chat itself: an invoice, and the notes that it was paid or given back.

import { make } from "./dom.js";
import { say } from "./words.js";

const SIGN = "⭐";

export function drawInvoice(invoice) {
  return make("div", { className: "invoice", data: { testid: "invoice" } },
    make("b", {}, invoice.title),
    make("p", {}, invoice.description),
    make("small", {}, `${say("sandbox-invoice")} · ${SIGN} ${invoice.total_amount}`));
}

export function drawPayment(message) {
  const payment = message.successful_payment ?? message.refunded_payment;
  const word = say(message.successful_payment ? "sandbox-stars-paid" : "sandbox-stars-returned");
  return make("div", { className: "words receipt", data: { testid: "receipt" } }, `${word}: ${SIGN} ${payment.total_amount}`);
}
