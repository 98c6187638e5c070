// Writes moments in the shop's zone, and amounts in đồng.

import { currentLanguage } from "./words.js";

const ZONE = "Asia/Ho_Chi_Minh";
const locale = () => (currentLanguage() === "vi" ? "vi-VN" : "en-GB");
const write = (milliseconds, options) =>
  new Intl.DateTimeFormat(locale(), { timeZone: ZONE, ...options }).format(new Date(milliseconds));

export const clockTime = (milliseconds) => write(milliseconds, { hour: "2-digit", minute: "2-digit", hour12: false });
export const fullTime = (milliseconds) =>
  write(milliseconds, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
export const fullDate = (milliseconds) =>
  write(milliseconds, { weekday: "long", day: "2-digit", month: "2-digit", year: "numeric" });
export const dayOf = (milliseconds) => write(milliseconds, { day: "numeric", month: "long" });
export const money = (amount) => `${new Intl.NumberFormat("vi-VN").format(amount)} ₫`;
// An amount in minor units, of which the dollar has a hundred and the riel one.
export const moneyIn = (minor, currency) => {
  const places = currency === "USD" ? 2 : 0;
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  return `${new Intl.NumberFormat(locale(), digits).format(minor / 10 ** places)} ${currency}`;
};
