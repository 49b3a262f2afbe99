/* Goods: charts drawn from the tables that stand in the page, and figures that explain themselves.
   Without this script the tables are read as they are, and a figure opens its own page.
   Hangs on figure[data-chart] and [data-explains]. */
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--gj-${name}`).trim();
  const drawn = new Map();

  /* what a table says: its heads, the words of each row, and the numbers of each column */
  const read = (figure) => {
    const heads = all("thead th", figure).map((th) => th.textContent.trim());
    const rows = all("tbody tr", figure).map((tr) => [...tr.children]);
    const numbers = (at) => rows.map((cells) => (cells[at].dataset.v === undefined ? null : Number(cells[at].dataset.v)));
    return { heads, names: rows.map((cells) => cells[0].textContent.trim()), keys: rows.map((cells) => cells[0].dataset.v), numbers };
  };

  const base = () => {
    const quiet = { color: ink("ink-3"), fontSize: 11 };
    const axis = { axisLabel: quiet, axisLine: { lineStyle: { color: ink("edge") } }, axisTick: { show: false }, splitLine: { lineStyle: { color: ink("line") } } };
    return {
      animation: false, aria: { enabled: true }, axis,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 4, right: 12, top: 26, bottom: 4, containLabel: true },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, backgroundColor: ink("surface"), borderColor: ink("edge"),
        textStyle: { color: ink("ink"), fontSize: 12 }, axisPointer: { lineStyle: { color: ink("dots") } },
      },
    };
  };
  const named = (text) => ({ name: text, nameTextStyle: { color: ink("ink-3"), fontSize: 11, align: "left" } });
  /* pairs of each week; of one that is not over a paler bar */
  const weekly = (table, at) => table.numbers(at).map((value, row) => ({ value, itemStyle: table.keys[row] === "part" ? { opacity: 0.4 } : {} }));
  /* the day alone: that its week is not over stands in the table */
  const days = (axis) => ({ ...axis, axisLabel: { ...axis.axisLabel, formatter: (name) => name.replace(/[（,].*$/, "") } });
  const share = (value) => (value === null || value === undefined ? "–" : `${value} %`);

  /* the name and the share where the bar has room for both, else the share, else nothing */
  const fitting = (name, value, width) => {
    const room = ((width - 70) * value) / 100, said = `${Math.round(value)}%`;
    if (room > 11 * name.length + 40) return `${name} ${said}`;
    return room > 30 ? said : "";
  };

  const kinds = {
    target(table) {
      const { axis, ...rest } = base();
      const actual = table.numbers(2), styles = table.numbers(3), most = Math.max(1, ...styles);
      return {
        ...rest,
        xAxis: { type: "category", data: table.names, ...axis, boundaryGap: false },
        yAxis: { type: "value", ...axis, ...named("%"), min: 0 },
        series: [
          { name: table.heads[1], type: "line", data: table.numbers(1), showSymbol: false, lineStyle: { type: "dashed", color: ink("ink-3"), width: 1.5 }, itemStyle: { color: ink("ink-3") } },
          { name: table.heads[2], type: "line", data: actual, symbol: "circle", symbolSize: (_value, at) => 6 + 8 * Math.sqrt((styles[at.dataIndex] || 0) / most), connectNulls: true, lineStyle: { color: ink("accent"), width: 1, opacity: 0.35 }, itemStyle: { color: ink("accent") } },
        ],
      };
    },
    pyramid(table) {
      const { axis, tooltip, ...rest } = base();
      const [now, past] = [table.numbers(1), table.numbers(2)];
      const room = 0.35 * Math.max(1, ...now, ...past); /* beside the longest bar, for its number */
      const side = (name, data, color, sign, position) => ({
        name, type: "bar", stack: "ages", barCategoryGap: "28%", itemStyle: { color }, data: data.map((pairs) => sign * pairs),
        label: { show: true, position, color: ink("ink"), fontSize: 11, formatter: ({ value }) => (value ? Math.abs(value).toLocaleString() : "") },
      });
      return {
        ...rest, grid: { left: 4, right: 4, top: 8, bottom: 4, containLabel: true },
        tooltip: { ...tooltip, axisPointer: { type: "none" }, valueFormatter: (value) => Math.abs(value).toLocaleString() },
        xAxis: { type: "value", min: -Math.max(...now) - room, max: Math.max(...past) + room, ...axis, axisLabel: { show: false }, splitLine: { show: false } },
        yAxis: { type: "category", data: table.names, ...axis, axisLine: { show: false } },
        series: [side(table.heads[1], now, ink("accent"), -1, "left"), side(table.heads[2], past, ink("amber"), 1, "right")],
      };
    },
    weeks(table) {
      const { axis, ...rest } = base();
      return {
        ...rest,
        xAxis: { type: "category", data: table.names, ...days(axis) },
        yAxis: [{ type: "value", ...axis, ...named(table.heads[1]) }, { type: "value", ...axis, ...named(table.heads[2]), nameTextStyle: { color: ink("ink-3"), fontSize: 11, align: "right" }, splitLine: { show: false } }],
        series: [
          { name: table.heads[1], type: "bar", data: weekly(table, 1), itemStyle: { color: ink("accent") }, barMaxWidth: 18 },
          { name: table.heads[2], type: "line", yAxisIndex: 1, data: table.numbers(2), showSymbol: false, lineStyle: { color: ink("ink-2"), width: 1.5 }, itemStyle: { color: ink("ink-2") } },
        ],
      };
    },
    classes(table, width) {
      const { axis, tooltip, ...rest } = base();
      const colours = { fast: ink("green"), steady: ink("ink-2"), slow: ink("amber-line"), dead: ink("red"), watched: ink("dots") };
      const columns = [1, 2, 3].map((at) => table.numbers(at).map((value) => Math.max(value || 0, 0)));
      const sums = columns.map((column) => column.reduce((sum, value) => sum + value, 0) || 1);
      return {
        ...rest, grid: { left: 4, right: 16, top: 4, bottom: 4, containLabel: true },
        tooltip: { ...tooltip, axisPointer: { type: "none" }, valueFormatter: share },
        xAxis: { type: "value", max: 100, ...axis, axisLabel: { show: false }, splitLine: { show: false } },
        yAxis: { type: "category", inverse: true, data: table.heads.slice(1), ...axis, axisLine: { show: false } },
        series: table.names.map((name, row) => ({
          name, type: "bar", stack: "share", barCategoryGap: "30%", itemStyle: { color: colours[table.keys[row]], borderColor: ink("surface"), borderWidth: 1 },
          data: columns.map((column, at) => Math.round((column[row] / sums[at]) * 1000) / 10),
          label: { show: true, color: ink("surface"), fontSize: 11, formatter: ({ value }) => fitting(name, value, width) },
        })),
      };
    },
    style(table) {
      const { axis, ...rest } = base();
      return {
        ...rest, grid: { left: 4, right: 12, top: 30, bottom: 4, containLabel: true },
        xAxis: { type: "category", data: table.names, ...days(axis) },
        yAxis: [{ type: "value", ...axis, ...named(`${table.heads[1]} / ${table.heads[2]}`) }, { type: "value", ...axis, ...named("%"), splitLine: { show: false } }],
        series: [
          { name: table.heads[1], type: "bar", data: weekly(table, 1), itemStyle: { color: ink("accent") }, barMaxWidth: 22 },
          { name: table.heads[2], type: "line", data: table.numbers(2), showSymbol: false, lineStyle: { color: ink("ink-2"), width: 1.5 }, itemStyle: { color: ink("ink-2") } },
          { name: table.heads[3], type: "line", yAxisIndex: 1, data: table.numbers(3), symbolSize: 5, lineStyle: { color: ink("green"), width: 2 }, itemStyle: { color: ink("green") } },
          { name: table.heads[4], type: "line", yAxisIndex: 1, data: table.numbers(4), showSymbol: false, lineStyle: { type: "dashed", color: ink("ink-3"), width: 1.5 }, itemStyle: { color: ink("ink-3") } },
        ],
      };
    },
  };

  const draw = (figure) => {
    const place = figure.querySelector(".chart-drawn") || figure.insertBefore(Object.assign(document.createElement("div"), { className: "chart-drawn" }), figure.querySelector("details"));
    drawn.get(figure)?.dispose();
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(kinds[figure.dataset.chart](read(figure), place.clientWidth));
    drawn.set(figure, chart);
  };
  const drawAll = () => {
    [...drawn.keys()].filter((figure) => !figure.isConnected).forEach((figure) => { drawn.get(figure).dispose(); drawn.delete(figure); });
    if (window.echarts) all("figure[data-chart]").filter((figure) => figure.querySelector("tbody tr")).forEach(draw);
  };
  const fit = () => drawn.forEach((chart) => chart.resize());

  /* a figure: its formula in a dialog over the page; ctrl and middle click open the page itself */
  const explain = (event) => {
    const link = event.target.closest("[data-explains] a[href*='f/'][href*='#']");
    const dialog = document.getElementById("explains");
    if (!link || !dialog || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const asked = link.hash.slice(1);
    window.htmx.ajax("GET", link.href.split("#")[0], { target: "#explained", select: "#explain", swap: "innerHTML" }).then(() => {
      if (!dialog.open) dialog.showModal();
      const worked = dialog.querySelector(`[id="${CSS.escape(asked)}"]`);
      worked?.classList.add("is-asked");
      worked?.scrollIntoView({ block: "start" });
    });
  };

  addEventListener("click", explain);
  addEventListener("resize", fit);
  addEventListener("beforeprint", fit);
  addEventListener("afterprint", fit);
  addEventListener("htmx:afterSettle", drawAll);
  addEventListener("genjin:theme", () => setTimeout(drawAll, 0));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(drawAll, 0));
  drawAll();
})();
