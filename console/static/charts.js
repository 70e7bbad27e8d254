/* Draws a chart over each table that asks for one; the table keeps the numbers, and is all there is
   without script. Sizes follow the reader's type. */
(function () {
  "use strict";
  var ACCENT = "#1f7a4d", PALE = "#a9cdb9", INK = "#191919", GREY = "#5c5c5c";
  var FAMILY = getComputedStyle(document.body).fontFamily;

  function rowsOf(table) {
    return Array.prototype.map.call(table.rows, function (row) {
      var head = row.cells[0], data = row.querySelector("data");
      var name = head.querySelector("a") || head.firstChild;
      return {
        name: name.textContent.trim(),
        short: head.getAttribute("data-short"),
        year: head.getAttribute("data-year"),
        value: data ? Number(data.value) / 100 : null,
        figure: row.cells[1].textContent.trim(),
        asked: row.className === "asked"
      };
    });
  }

  function widthOf(text, size) {
    var pen = document.createElement("canvas").getContext("2d");
    pen.font = "600 " + size + "px " + FAMILY;
    return Math.ceil(pen.measureText(text).width);
  }

  function style(size, color, weight) {
    return { fontFamily: FAMILY, fontSize: size, color: color, fontWeight: weight || "normal" };
  }

  function widestOf(rows, what, size) {
    return Math.max.apply(null, rows.map(function (row) { return widthOf(row[what], size); }));
  }

  /* A bar a row, its name above it, its figure at its end; null where the type leaves no room. */
  function lying(rows, rem, room, all) {
    var size = rem * 0.9, widest = widestOf(rows, "figure", size);
    if (widestOf(rows, "name", size) > room || widest > room * 0.7) { return null; }
    return {
      height: rows.length * rem * 3,
      option: {
        animation: false,
        grid: { left: 0, right: widest + 10, top: 0, bottom: 0 },
        xAxis: { type: "value", show: false, min: function (span) { return Math.min(0, span.min); } },
        yAxis: {
          type: "category", inverse: true, data: rows.map(function (row) { return row.name; }),
          axisLine: { show: false }, axisTick: { show: false }, z: 10,
          axisLabel: Object.assign(style(size, INK), {
            inside: true, margin: 0, interval: 0, verticalAlign: "bottom", padding: [0, 0, rem * 0.5, 0]
          })
        },
        series: [{
          type: "bar", silent: true, barWidth: rem * 0.8, barMinHeight: 2,
          data: rows.map(function (row) {
            return { value: row.value, itemStyle: { color: all || row.asked ? ACCENT : PALE } };
          }),
          label: Object.assign(style(size, INK, "bold"), {
            show: true, position: "right",
            formatter: function (bar) { return rows[bar.dataIndex].figure; }
          })
        }]
      }
    };
  }

  /* A bar a month from left to right; the one asked for stands out. */
  function standing(rows, rem) {
    var size = rem * 0.8;
    return {
      height: rem * 9,
      option: {
        animation: false,
        grid: { left: 0, right: 0, top: 4, bottom: rem * 2.6 },
        yAxis: { type: "value", show: false, min: function (span) { return Math.min(0, span.min); } },
        xAxis: {
          type: "category", axisTick: { show: false }, axisLine: { lineStyle: { color: PALE } },
          data: rows.map(function (row, at) {
            return row.short + (at === 0 || row.short === "1" ? "\n" + row.year : "");
          }),
          axisLabel: Object.assign(style(size, GREY), { interval: 0, lineHeight: size * 1.3 })
        },
        series: [{
          type: "bar", silent: true, barCategoryGap: "25%", barMinHeight: 2,
          data: rows.map(function (row) {
            return { value: row.value, itemStyle: { color: row.asked ? ACCENT : PALE } };
          })
        }]
      }
    };
  }

  /* Without a picture the table says it all, and stays open. */
  function draw(table, details, box) {
    var rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    var rows = rowsOf(table), room = details.clientWidth, plan;
    if (table.getAttribute("data-chart") === "months") {
      var fits = room / rows.length > widthOf("12", rem * 0.8) + 4;
      plan = fits ? standing(rows.slice().reverse(), rem) : lying(rows, rem, room, false);
    } else {
      plan = lying(rows, rem, room, true);
    }
    details.open = !plan;
    box.hidden = !plan;
    if (!plan) { return; }
    box.style.height = plan.height + "px";
    var chart = echarts.getInstanceByDom(box) || echarts.init(box);
    chart.resize();
    chart.setOption(plan.option, true);
  }

  Array.prototype.forEach.call(document.querySelectorAll("table[data-chart]"), function (table) {
    if (table.rows.length < 2) { return; }
    var details = table.parentNode, box = document.createElement("div");
    box.className = "chart";
    box.setAttribute("aria-hidden", "true");
    details.parentNode.insertBefore(box, details);
    draw(table, details, box);
    window.addEventListener("resize", function () { draw(table, details, box); });
    window.addEventListener("beforeprint", function () { details.open = true; });
  });
})();
