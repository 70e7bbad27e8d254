// The desk: builds the phones, keeps the clock, and hands events to whom they concern.

import { listen, load, post } from "./platform.js";
import { SmsPhone } from "./sms.js";
import { WeChatPhone } from "./wechat.js";
import { button, element, fullTime, still } from "./words.js";

const desk = document.getElementById("desk");
const people = document.getElementById("people");
const notice = document.getElementById("notice");
const clock = document.getElementById("clock");
const moves = document.querySelectorAll(".move");

const NOT_THERE = "模拟平台没有回应，正在重连。";
const NO_SERVICE = "没有接上服务：请用 --push 启动。";
const CLOCK_STUCK = "时间没有拨动：服务没有回应。";

let phones = new Map();
let meanwhile = []; // bubbles that came while the phones were fetched
let loading = 0;
let ahead = 0; // what the phones show, minus this browser's clock

const now = () => new Date(Date.now() + ahead);

function tell(words) {
  notice.textContent = words;
  notice.hidden = !words;
}

function setClock(moment) {
  ahead = new Date(moment).getTime() - Date.now();
  tick();
}

function tick() {
  clock.textContent = fullTime(now());
  clock.dateTime = now().toISOString();
  for (const phone of phones.values()) phone.tick();
}

async function start() {
  loading += 1;
  let given;
  try {
    given = await load();
  } finally {
    loading -= 1;
  }
  setClock(given.now);
  document.getElementById("clock-label").textContent = given.demo ? "演示时间" : "现在";
  for (const move of moves) move.hidden = !given.demo;
  const board = document.getElementById("board");
  board.hidden = !given.board;
  if (given.board) board.href = given.board;
  tell(given.connected ? "" : NO_SERVICE);
  desk.replaceChildren();
  people.replaceChildren();
  phones = new Map(given.phones.map((data, index) => [data.who, stand(data, index, given)]));
  tick();
  for (const event of meanwhile.splice(0)) arrive(event);
}

function arrive(event) {
  if (loading) meanwhile.push(event);
  phones.get(event.who)?.arrive(event.bubble);
}

// One place on the desk: whose it is, the phone, and what to try.
function stand(data, index, given) {
  const place = element("section", `place ${data.channel}`);
  const id = `phone-${index + 1}`;
  place.id = id;
  const owner = element("h2", "owner");
  owner.id = `${id}-owner`;
  owner.append(element("b", "", data.name), element("span", "", data.caption ?? ""));
  owner.title = [data.name, data.caption].filter(Boolean).join("，");
  place.setAttribute("aria-labelledby", owner.id);
  const kind = data.channel === "sms" ? SmsPhone : WeChatPhone;
  const phone = new kind(data, { service: given.service, number: given.number, menu: given.menu, now, fail: tell });
  const body = element("div", "stand");
  body.append(phone.root);
  place.append(owner, body, strip(data, phone));
  desk.append(place);
  const jump = element("a", "", data.name);
  jump.href = `#${id}`;
  people.append(jump);
  for (const bubble of data.screen) phone.show(bubble);
  return phone;
}

function strip(data, phone) {
  const tries = element("div", "tries");
  tries.setAttribute("role", "group");
  tries.setAttribute("aria-label", `替${data.name}写`);
  for (const words of data.tries ?? []) {
    const chip = button("try", words, async () => {
      chip.classList.add("done");
      await phone.type(words, still() ? 0 : 36);
    });
    tries.append(chip);
  }
  return tries;
}

for (const move of moves) {
  move.onclick = async () => {
    for (const one of moves) one.disabled = true;
    move.setAttribute("aria-busy", "true");
    try {
      setClock((await post("clock", { seconds: Number(move.dataset.seconds) })).now);
      tell("");
    } catch {
      tell(CLOCK_STUCK);
    } finally {
      for (const one of moves) one.disabled = false;
      move.removeAttribute("aria-busy");
      move.focus();
    }
  };
}

const again = () => start().catch(() => tell(NOT_THERE));

listen({
  bubble: arrive,
  waiting: ({ who, on }) => phones.get(who)?.wait(on),
  menu: ({ buttons }) => phones.forEach((phone) => phone.setMenu(buttons)),
  clock: ({ now: moment }) => setClock(moment),
  reload: again,
  again,
  lost: () => tell(NOT_THERE),
});
again();
setInterval(tick, 1000);
