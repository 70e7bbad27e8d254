// A plain phone with big keys: reads texts, writes texts, counts their length.

import { Phone } from "./phone.js";
import { button, element, linked, segments, shortTime, stamp } from "./words.js";

const KEYS = [
  ["1", ""], ["2", "ABC"], ["3", "DEF"],
  ["4", "GHI"], ["5", "JKL"], ["6", "MNO"],
  ["7", "PQRS"], ["8", "TUV"], ["9", "WXYZ"],
  ["*", ""], ["0", "+"], ["#", ""],
];

export class SmsPhone extends Phone {
  constructor(data, desk) {
    super(data, desk);
    this.time = element("span", "time");
    this.counter = element("output", "counter");
    this.log = element("div", "log");
    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-label", `${data.name}的短信`);
    this.log.tabIndex = 0;
    this.empty = element("p", "empty", "没有短信。写一条试试。");
    this.log.append(this.empty);
    this.root = element("div", "handset plain");
    const screen = element("div", "screen");
    screen.append(this.statusBar(), this.log, this.compose());
    this.root.append(element("i", "earpiece"), screen, this.keypad());
    this.written();
  }

  statusBar() {
    const bar = element("div", "status");
    bar.setAttribute("aria-hidden", "true");
    bar.append(element("i", "signal"), element("span", "", "短信"), this.time, element("i", "battery"));
    return bar;
  }

  compose() {
    const form = element("div", "write");
    this.input = element("textarea");
    this.input.rows = 1;
    this.input.placeholder = "写短信";
    this.input.setAttribute("aria-label", `${this.data.name}写短信`);
    this.counter.setAttribute("aria-label", "字数");
    this.sendsOnEnter();
    form.append(this.input, this.counter);
    return form;
  }

  keypad() {
    const pad = element("div", "pad");
    pad.append(
      button("soft send", "发送", () => this.send()),
      button("soft clear", "删除", () => this.erase()),
    );
    for (const [digit, letters] of KEYS) {
      const key = button("digit", "", () => this.dial(digit));
      key.append(element("b", "", digit));
      if (letters) key.append(element("small", "", letters));
      key.setAttribute("aria-label", digit);
      pad.append(key);
    }
    return pad;
  }

  dial(digit) {
    this.typing += 1;
    this.input.value += digit;
    this.written();
  }

  erase() {
    this.typing += 1;
    this.input.value = [...this.input.value].slice(0, -1).join("");
    this.written();
  }

  written() {
    const { length } = this.input.value;
    const count = segments(length);
    this.counter.textContent = count === 1 ? `${length}/70` : `${length}字 分${count}条`;
    this.counter.title = "一条70个字；长了分几条，每条67个字";
    this.counter.classList.toggle("long", count > 1);
    this.input.scrollTop = this.input.scrollHeight;
  }

  tick() {
    this.time.textContent = shortTime(this.desk.now());
  }

  draw({ from, text, at, detail }) {
    this.empty.remove();
    const mine = from === "person";
    const message = element("article", mine ? "text mine" : "text");
    const head = element("p", "head", mine ? "我" : this.desk.number);
    head.append(element("time", "", stamp(new Date(at), this.desk.now())));
    const count = detail?.segments ?? segments(text.length);
    if (count > 1) head.append(element("span", "pieces", `${count}条`));
    const body = element("p", "words");
    body.append(linked(text));
    message.append(head, body);
    this.log.append(message);
    return message;
  }
}
