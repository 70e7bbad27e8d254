// What both kinds of phone have in common: bubbles in order, a nod, and somebody who types for you.

import { post } from "./platform.js";
import { still } from "./words.js";

const PUSHED = ["template", "notice"];
const ASKED_FOR = 12000; // an answer that comes later is news

export class Phone {
  // Subclasses set `root`, `log` and `input`; their `draw` puts a bubble there and returns it.
  constructor(data, desk) {
    this.data = data;
    this.desk = desk;
    this.asked = -Infinity;
    this.typing = 0;
    this.seen = 0;
  }

  // A bubble that was there already when the page was opened.
  show(bubble) {
    if (bubble.number <= this.seen) return;
    this.seen = bubble.number;
    this.reveal(this.draw(bubble));
  }

  // A bubble that comes now: a push makes the phone nod once.
  arrive(bubble) {
    if (bubble.number <= this.seen) return;
    this.show(bubble);
    if (bubble.from === "person") return;
    const unasked = performance.now() - this.asked > ASKED_FOR;
    if (unasked || PUSHED.includes(bubble.kind)) this.nod();
  }

  nod() {
    if (still()) return;
    this.root.classList.remove("nod");
    void this.root.offsetWidth; // begin anew
    this.root.classList.add("nod");
    this.root.addEventListener("animationend", () => this.root.classList.remove("nod"), {
      once: true,
    });
  }

  // To the end, but never past the first line of what is new.
  reveal(drawn) {
    const above = drawn.getBoundingClientRect().top - this.log.getBoundingClientRect().top;
    const first = this.log.scrollTop + above - 8;
    this.log.scrollTop = Math.min(first, this.log.scrollHeight);
  }

  // Types `words` like a person and sends them.
  async type(words, pace) {
    const turn = ++this.typing;
    this.input.value = "";
    for (const letter of pace ? words : []) {
      if (turn !== this.typing) return;
      this.input.value += letter;
      this.written();
      await new Promise((done) => setTimeout(done, pace));
    }
    this.input.value = words;
    this.written();
    if (pace) await new Promise((done) => setTimeout(done, 250));
    if (turn === this.typing) this.send();
  }

  send() {
    const text = this.input.value;
    if (!text.trim()) return;
    this.input.value = "";
    this.written();
    this.does("say", { channel: this.data.channel, text });
  }

  async does(what, more) {
    this.asked = performance.now();
    try {
      await post(what, { who: this.data.who, wait: false, ...more });
      this.desk.fail("");
    } catch {
      this.desk.fail(`${this.data.name}的手机发不出去：没有接上服务。`);
    }
  }

  // Enter sends, unless an input method still composes.
  sendsOnEnter() {
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("input", () => {
      this.typing += 1;
      this.written();
    });
  }

  written() {}
  wait() {}
  tick() {}
  setMenu() {}
}
