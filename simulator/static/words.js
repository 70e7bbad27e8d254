// Times, lengths and links: what a phone does with plain text.

const WEEKDAYS = ["日", "一", "二", "三", "四", "五", "六"];
const BEIJING = 8 * 3600 * 1000;
const LINK = /<a\b[^>]*\bhref=(["'])(.*?)\1[^>]*>(.*?)<\/a>|https?:\/\/[^\s<>"'，。；、）》]+/gis;

// The parts of a moment in Beijing, wherever the browser is.
function parts(date) {
  const there = new Date(date.getTime() + BEIJING);
  const minute = String(there.getUTCMinutes()).padStart(2, "0");
  return {
    year: there.getUTCFullYear(),
    month: there.getUTCMonth() + 1,
    day: there.getUTCDate(),
    weekday: WEEKDAYS[there.getUTCDay()],
    time: `${there.getUTCHours()}:${minute}`,
    midnight: Math.floor(there.getTime() / 86400000),
  };
}

export function fullTime(date) {
  const { year, month, day, weekday, time } = parts(date);
  return `${year}年${month}月${day}日 星期${weekday} ${time.padStart(5, "0")}`;
}

export function shortTime(date) {
  return parts(date).time;
}

// As WeChat puts it between two bubbles.
export function stamp(date, now) {
  const then = parts(date);
  const days = parts(now).midnight - then.midnight;
  if (days === 0) return then.time;
  if (days === 1) return `昨天 ${then.time}`;
  return `${then.month}月${then.day}日 ${then.time}`;
}

// One text holds 70 characters; a longer one is sent in pieces of 67.
export function segments(length) {
  return length <= 70 ? 1 : Math.ceil(length / 67);
}

// Text as nodes: <a href> of the service's and bare addresses become links, all else stays text.
export function linked(text, onReply) {
  const fragment = document.createDocumentFragment();
  let last = 0;
  for (const found of text.matchAll(LINK)) {
    fragment.append(text.slice(last, found.index));
    const address = found[2] ?? found[0];
    fragment.append(link(decoded(address), decoded(found[3] ?? found[0]), onReply));
    last = found.index + found[0].length;
  }
  fragment.append(text.slice(last));
  return fragment;
}

function link(address, words, onReply) {
  if (address.startsWith("weixin://bizmsgmenu") && onReply) {
    const query = new URLSearchParams(address.split("?")[1] ?? "");
    const button = element("button", "answer", words);
    button.type = "button";
    button.onclick = () => onReply(query.get("msgmenucontent") ?? words, query.get("msgmenuid"));
    return button;
  }
  if (!/^https?:\/\//i.test(address)) return document.createTextNode(words);
  const anchor = element("a", "", words);
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener";
  return anchor;
}

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

function decoded(text) {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name]);
}

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function button(className, text, onclick) {
  const made = element("button", className, text);
  made.type = "button";
  made.onclick = onclick;
  return made;
}

export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
