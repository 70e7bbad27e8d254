// Counts while somebody types: the characters of a variable, the length and the price of a text. The
// server counts again; without script it does so alone.
(() => {
  "use strict";
  const SINGLE = 70, PART = 67;
  const form = document.querySelector("form.side-by-side");
  if (!form) return;

  // A text by SMS is counted in the units of the handset, as the server counts it.
  const filled = (words) => {
    const plain = words.replace(/\{%.*?%\}/gs, "");
    return plain.replace(/\$\{(\w+)\}/g, (whole, name) => {
      const value = form.querySelector(`[data-variable="${name}"]`);
      return value ? value.value : whole;
    });
  };
  const told = (field) => {
    const chars = [...field.value].length;
    if (field.dataset.count === "sms") {
      const sign = Number(field.dataset.sign);
      const length = filled(field.value).length + (sign ? sign + 2 : 0);
      const texts = length <= SINGLE ? 1 : Math.ceil(length / PART);
      const yuan = (texts * Number(field.dataset.price) / 100).toFixed(2);
      return { words: `连签名约 ${length} 个字,${texts} 条,${yuan}元`, over: length > 500 };
    }
    const most = Number(field.dataset.most);
    return { words: `${chars} / ${most} 个字`, over: chars > most };
  };
  const show = (field) => {
    let counter = field.parentElement.querySelector(".counter");
    if (!counter) {
      counter = document.createElement("span");
      counter.className = "counter";
      field.insertAdjacentElement("afterend", counter);
    }
    const { words, over } = told(field);
    counter.textContent = words;
    counter.classList.toggle("over", over);
  };
  const all = () => form.querySelectorAll("[data-count], [data-variable]").forEach(show);
  form.addEventListener("input", all);
  all();
})();
