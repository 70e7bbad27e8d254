// A phone that has WeChat open, in the chat with the service.

import { Phone } from "./phone.js";
import { button, element, linked, shortTime, stamp } from "./words.js";

const APART = 5 * 60 * 1000; // a time stands between bubbles that far apart

export class WeChatPhone extends Phone {
  constructor(data, desk) {
    super(data, desk);
    this.lastAt = -Infinity;
    this.time = element("span", "time");
    this.log = element("div", "log");
    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-label", `${data.name}和${desk.service}的对话`);
    this.log.tabIndex = 0;
    this.dots = this.message("service", dots());
    this.dots.hidden = true;
    this.menu = element("div", "menu");
    this.root = element("div", "handset");
    const screen = element("div", "screen");
    screen.append(this.statusBar(), this.titleBar(), this.log, this.bottom());
    this.root.append(screen);
    this.welcome();
    this.setMenu(desk.menu);
    this.written();
  }

  statusBar() {
    const bar = element("div", "status");
    bar.setAttribute("aria-hidden", "true");
    const signs = element("span", "signs");
    signs.append(element("i", "signal"), element("i", "battery"));
    bar.append(this.time, signs);
    return bar;
  }

  titleBar() {
    const bar = element("div", "title");
    this.name = element("span", "", this.desk.service);
    bar.append(element("i", "back"), this.name, element("i", "more"));
    return bar;
  }

  bottom() {
    const bottom = element("div", "bottom");
    const form = element("form", "write");
    this.input = element("textarea");
    this.input.rows = 1;
    this.input.placeholder = "问一句";
    this.input.setAttribute("aria-label", `${this.data.name}写微信`);
    this.sender = element("button", "send", "发送");
    this.sender.type = "submit";
    form.onsubmit = (event) => {
      event.preventDefault();
      this.send();
    };
    form.append(this.input, this.sender);
    if (this.data.scene) form.append(this.scanner());
    this.sendsOnEnter();
    this.menu.setAttribute("role", "group");
    this.menu.setAttribute("aria-label", "菜单");
    this.menu.addEventListener("keydown", (event) => this.alongMenu(event));
    bottom.append(form, this.menu);
    this.root.addEventListener("focusout", (event) => {
      if (!this.menu.contains(event.relatedTarget)) this.fold();
    });
    return bottom;
  }

  scanner() {
    const words = this.data.village ? `扫${this.data.village}的二维码` : "扫村里的二维码";
    const scan = button("scan", "", () => this.scan());
    scan.title = words;
    scan.setAttribute("aria-label", words);
    return scan;
  }

  scan() {
    this.does("scan", { scene: this.data.scene });
  }

  // What an empty chat offers.
  welcome() {
    this.empty = element("div", "empty");
    const village = this.data.village ?? "村里";
    if (this.data.scene) {
      this.empty.append(
        element("p", "", `${village}的公告栏上贴着一张二维码。`),
        button("invite", "扫一扫", () => this.scan()),
        element("p", "or", "也可以直接问一句。"),
      );
    } else {
      this.empty.append(element("p", "", "还没有消息。问一句试试。"));
    }
    this.log.append(this.empty);
  }

  setMenu(buttons) {
    this.fold();
    this.menu.replaceChildren(...buttons.map((top) => this.menuKey(top)));
  }

  menuKey(top) {
    const key = element("div", "key");
    const subs = top.sub_button ?? [];
    if (!subs.length) {
      key.append(button("", top.name, () => this.press(top)));
      return key;
    }
    const opener = button("opens", top.name, () => this.unfold(key));
    opener.setAttribute("aria-haspopup", "true");
    opener.setAttribute("aria-expanded", "false");
    const list = element("div", "subs");
    list.hidden = true;
    for (const sub of subs) list.append(button("", sub.name, () => this.press(sub)));
    key.append(list, opener);
    return key;
  }

  press(pressed) {
    this.fold();
    if (pressed.type === "view") window.open(pressed.url, "_blank", "noopener");
    this.does("press", { key: pressed.key ?? pressed.url });
  }

  unfold(key) {
    const list = key.querySelector(".subs");
    const open = list.hidden;
    this.fold();
    list.hidden = !open;
    key.querySelector(".opens").setAttribute("aria-expanded", String(open));
    if (open) list.firstElementChild.focus();
  }

  fold() {
    for (const list of this.menu.querySelectorAll(".subs")) list.hidden = true;
    for (const key of this.menu.querySelectorAll(".opens")) {
      key.setAttribute("aria-expanded", "false");
    }
  }

  alongMenu(event) {
    const list = event.target.closest(".subs");
    if (!list) return;
    const keys = [...list.children];
    const at = keys.indexOf(event.target);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step) {
      event.preventDefault();
      keys[(at + step + keys.length) % keys.length].focus();
    } else if (event.key === "Escape") {
      this.fold();
      list.parentElement.querySelector(".opens").focus();
    }
  }

  tick() {
    this.time.textContent = shortTime(this.desk.now());
  }

  wait(on) {
    this.dots.hidden = !on;
    this.name.textContent = on ? "对方正在输入…" : this.desk.service;
    if (on) {
      this.log.append(this.dots);
      this.reveal(this.dots);
    }
  }

  written() {
    this.sender.hidden = !this.input.value.trim();
  }

  draw(bubble) {
    this.empty.remove();
    const at = new Date(bubble.at);
    if (at - this.lastAt > APART) {
      this.log.append(element("p", "between", stamp(at, this.desk.now())));
    }
    this.lastAt = at;
    const drawn =
      bubble.kind === "event"
        ? element("p", "between did", bubble.text)
        : this.message(bubble.from, this.content(bubble));
    this.log.append(drawn);
    if (!this.dots.hidden) this.log.append(this.dots);
    return drawn;
  }

  message(from, content) {
    const mine = from === "person";
    const line = element("div", mine ? "line mine" : "line");
    const face = element("span", mine ? "face" : "face service", mine ? this.data.name[0] : "");
    face.setAttribute("aria-hidden", "true");
    line.append(face, content);
    return line;
  }

  content(bubble) {
    const { kind, text, detail } = bubble;
    if (kind === "template" || kind === "notice") return card(bubble, this.desk.service);
    if (kind === "news") return news(detail.articles ?? []);
    if (kind === "msgmenu") return this.options(detail);
    if (kind === "image" && detail.media_id) return picture(detail.media_id, text);
    const box = element("div", kind === "fault" ? "bubble fault" : "bubble");
    box.append(linked(text || "[消息]", (words, id) => this.choose(words, id)));
    return box;
  }

  options(detail) {
    const box = element("div", "bubble options");
    if (detail.head) box.append(element("p", "", detail.head));
    for (const { id, content } of detail.options ?? []) {
      box.append(button("answer", content, () => this.choose(content, id)));
    }
    if (detail.tail) box.append(element("p", "", detail.tail));
    return box;
  }

  choose(words, id) {
    this.does("push", { fields: { MsgType: "text", Content: words, bizmsgmenuid: id ?? "" } });
  }
}

function dots() {
  const box = element("div", "bubble dots");
  box.setAttribute("aria-label", "正在输入");
  box.append(element("i"), element("i"), element("i"));
  return box;
}

function card({ detail, text }, service) {
  const url = detail.url;
  const box = element(url ? "a" : "div", "card");
  if (url) Object.assign(box, { href: url, target: "_blank", rel: "noopener" });
  const head = element("div", "head");
  head.append(element("span", "face service"), element("span", "", service));
  const rows = element("dl");
  for (const [label, value] of detail.rows ?? [["", text]]) {
    const row = element("div");
    row.append(element("dt", "", label), element("dd", "", value));
    rows.append(row);
  }
  box.append(head, element("h3", "", detail.title ?? ""), rows);
  if (url) box.append(element("div", "foot", "查看详情"));
  return box;
}

function news(articles) {
  const box = element("div", "news");
  for (const { title, description, picurl, url } of articles) {
    const one = element(url ? "a" : "div", "article");
    if (url) Object.assign(one, { href: url, target: "_blank", rel: "noopener" });
    if (picurl) {
      const image = element("img");
      Object.assign(image, { src: picurl, alt: "" });
      one.append(image);
    }
    one.append(element("b", "", title));
    if (description) one.append(element("p", "", description));
    box.append(one);
  }
  return box;
}

function picture(id, text) {
  const image = element("img", "picture");
  Object.assign(image, { src: `/sim/media?id=${encodeURIComponent(id)}`, alt: text || "图片" });
  return image;
}
