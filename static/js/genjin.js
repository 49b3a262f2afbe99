/* What the pages gain when scripts are on. Everything here improves a page that works without it;
   behaviour hangs on data attributes, each named in the comment above its function.
   No eval, no inline style, no framework: the Content-Security-Policy forbids the first two. */
"use strict";
(() => {
  /* htmx asks this server alone and runs no words of a page as code. It reads its settings when
     the page stands, after this script */
  if (window.htmx) Object.assign(window.htmx.config, {
    allowEval: false, includeIndicatorStyles: false, selfRequestsOnly: true,
    historyCacheSize: 0, refreshOnHistoryMiss: true,
    responseHandling: [
      { code: "204", swap: false }, { code: "[23]..", swap: true }, { code: "422", swap: true },
      { code: "503", swap: true, error: true }, { code: "[45]..", swap: false, error: true },
    ],
  });

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const here = {
    read(key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    write(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full or private */ } },
    drop(key) { try { sessionStorage.removeItem(key); } catch { /* private */ } },
  };
  const minutes = 60 * 1000;

  /* theme: [data-theme-to="light|dark|auto"] */
  const showTheme = () => {
    let chosen = "auto";
    try { chosen = localStorage.getItem("genjin.theme") || "auto"; } catch { /* private */ }
    all("[data-theme-to]").forEach((b) => b.setAttribute("aria-pressed", b.dataset.themeTo === chosen));
  };
  const chooseTheme = (to) => {
    try {
      if (to === "auto") localStorage.removeItem("genjin.theme");
      else localStorage.setItem("genjin.theme", to);
    } catch { return; }
    dispatchEvent(new Event("genjin:theme"));
    showTheme();
  };

  /* [data-when="next_kind:none"], "result!unanswered|declined", comma means and, semicolon or
     "result!@": @ stands for what form[data-at] says, where many conditions ask the same.
     A part of a form that only some answers need. Hidden parts are disabled, so they are not sent. */
  const answersTo = (form, name) => {
    const field = form.elements[name];
    if (!field) return [""];
    const boxes = (field.tagName ? [field] : [...field]).filter((each) => each.type === "checkbox");
    if (!boxes.length) return [field.value];
    const ticked = boxes.filter((box) => box.checked).map((box) => box.value);
    return ticked.length ? ticked : [""];
  };
  const isSo = (form, part) => {
    const [, name, sign, values] = part.trim().match(/^(\w+)([:!])(.*)$/);
    const answers = answersTo(form, name);
    return values.replace("@", form.dataset.at).split("|").some((value) => answers.includes(value)) === (sign === ":");
  };
  const holds = (form, condition) => condition.split(";").some((way) => way.split(",").every((part) => isSo(form, part)));
  const revealParts = (root) => all("[data-when]", root).forEach((part) => {
    const form = part.closest("form");
    const isShown = form && holds(form, part.dataset.when);
    part.classList.toggle("is-shown", isShown);
    if (part.tagName === "FIELDSET") part.disabled = !isShown;
  });

  /* input[data-tick-when="result:came"]: a box that an answer ticks, and that anybody may untick;
     one of several is taken, and left to whoever takes another. The first name of a way changes it;
     data-tick-if is what has to hold besides, whichever way it is */
  const tickAlong = (form, changed) => all("[data-tick-when]", form)
    .filter((box) => box.dataset.tickWhen.split(";").some((way) => way.split(":")[0] === changed))
    .map((box) => [box, holds(form, box.dataset.tickWhen) && (!box.dataset.tickIf || holds(form, box.dataset.tickIf))])
    .forEach(([box, isSet]) => { if (isSet || box.type === "checkbox") box.checked = isSet; });

  /* template#offline: said beside the button instead of the browser's own page */
  const sayOffline = (form) => {
    all("[data-offline]").forEach((old) => old.remove());
    const words = document.querySelector("template#offline");
    if (!words) return;
    const box = document.createElement("div");
    box.dataset.offline = "";
    box.append(words.content.cloneNode(true));
    (form.querySelector(".bar") || form).prepend(box);
    box.scrollIntoView({ block: "nearest" });
  };

  /* every form: a second tap sends nothing, a tap without a connection says so */
  const guardForm = (event) => {
    const form = event.target;
    if (form.dataset.sent) return void event.preventDefault();
    if (!navigator.onLine && !event.defaultPrevented && form.method !== "dialog") {
      event.preventDefault();
      return void sayOffline(form);
    }
    if (event.defaultPrevented || form.method !== "post") return;
    form.dataset.sent = "yes";
    here.write("genjin.sent", { at: Date.now() });
    setTimeout(() => all("[type=submit], button:not([type])", form).forEach((b) => {
      b.classList.add("is-sending");
      b.setAttribute("aria-disabled", "true");
    }), 0);
  };
  const freeForms = (root = document) => all("form[data-sent]", root).concat(root.matches?.("form[data-sent]") ? [root] : []).forEach((form) => {
    delete form.dataset.sent;
    all(".is-sending", form).forEach((b) => { b.classList.remove("is-sending"); b.removeAttribute("aria-disabled"); });
  });

  /* [data-keep-scroll]: after an act on a row, the list stands where it was */
  const spot = () => `genjin.spot.${location.pathname}`;
  const keepSpot = () => {
    if (document.querySelector("[data-keep-scroll]")) here.write(spot(), { at: Date.now(), y: scrollY });
  };
  const returnToSpot = () => {
    const sent = here.read("genjin.sent"), was = here.read(spot());
    here.drop("genjin.sent");
    if (!document.querySelector("[data-keep-scroll]") || !sent || !was) return;
    if (Date.now() - sent.at < minutes && Date.now() - was.at < 30 * minutes) scrollTo(0, was.y);
  };

  /* [data-countdown-to=ISO]: by the server's clock, html[data-now] */
  const skew = Date.parse(document.documentElement.dataset.now || "") - Date.now() || 0;
  const two = (n) => String(n).padStart(2, "0");
  const tick = () => all("[data-countdown-to]").forEach((el) => {
    const seconds = Math.max(0, Math.floor((Date.parse(el.dataset.countdownTo) - Date.now() - skew) / 1000));
    const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    if (el.textContent !== text) el.textContent = text;
    el.classList.toggle("is-late", seconds === 0);
  });

  /* input[data-phone]: 138 0013 8001 while typing; the server takes the blanks away */
  const groupPhone = (field) => {
    const digits = field.value.normalize("NFKC").replace(/\D/g, "");
    if (!/^1\d*$/.test(digits) || digits.length > 11 || field.selectionStart !== field.value.length) return;
    field.value = digits.replace(/^(\d{3})(\d{1,4})?(\d{1,4})?$/, (_, a, b, c) => [a, b, c].filter(Boolean).join(" "));
  };

  /* [data-copy="#id"]: the text of an element, or what stands in a field, to the clipboard */
  const copyText = async (button) => {
    const source = document.querySelector(button.dataset.copy);
    await navigator.clipboard.writeText((source.value ?? source.innerText).trim());
    if (button.dataset.copied) button.lastElementChild.textContent = button.dataset.copied;
  };

  /* [data-letters="id"]: how many letters stand in that field */
  const countLetters = () => all("[data-letters]").forEach((el) => {
    el.textContent = document.getElementById(el.dataset.letters)?.value.trim().length || "";
  });

  /* form[data-call], or its button[data-call][formaction]: the server counts the call or message
     and answers {"tel": "tel:…"} or {"tel": "sms:…"}. Without scripts the same POST answers with a page that shows the number. */
  const call = async (form, button) => {
    const address = button?.formAction || form.action;
    try {
      const answer = await fetch(address, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      location.href = (await answer.json()).tel;
      if (form.dataset.then) setTimeout(() => { location.href = form.dataset.then; }, 400);
    } catch {
      if (!navigator.onLine) return void sayOffline(form);
      form.action = address;
      HTMLFormElement.prototype.submit.call(form);
    }
  };

  /* the keyboard: [data-key="n"] is pressed by its key; j and k walk [data-row] */
  const walk = (step) => {
    const rows = all("[data-row]");
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("is-here"));
    const next = Math.min(rows.length - 1, Math.max(0, at + step));
    rows[at]?.classList.remove("is-here");
    rows[next].classList.add("is-here");
    rows[next].querySelector("a, button")?.focus({ preventScroll: true });
    rows[next].scrollIntoView({ block: "nearest" });
  };
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog[open], [contenteditable]")) return;
    if (event.key === "j" || event.key === "k") return void walk(event.key === "j" ? 1 : -1);
    const key = CSS.escape(event.key);
    const target = document.querySelector(`.is-here [data-key="${key}"]`) || document.querySelector(`[data-key="${key}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input")) { target.focus(); target.select(); }
    else if (target.matches("dialog")) target.showModal();
    else target.click();
  };

  /* [data-open="#dialog"], [data-close]; an open <details> that lies over the page closes by itself */
  const openMenus = () => all("details[open]").filter((each) => each.lastElementChild && getComputedStyle(each.lastElementChild).position === "absolute");
  const clicked = (event) => {
    const at = (selector) => event.target.closest(selector);
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    if (at("[data-theme-to]")) chooseTheme(at("[data-theme-to]").dataset.themeTo);
    if (at("[data-open]")) { event.preventDefault(); document.querySelector(at("[data-open]").dataset.open).showModal(); }
    if (at("[data-close]") || event.target.matches("dialog")) event.target.closest("dialog")?.close();
    if (at("[data-copy]")) copyText(at("[data-copy]"));
    if (at("[data-print]")) print();
  };

  /* a date chip "other" opens its calendar: input[data-date-of="next_on"] */
  const openCalendar = (field) => {
    if (field.type !== "radio" || field.value !== "other") return;
    const date = field.form.querySelector(`[data-date-of="${CSS.escape(field.name)}"]`);
    if (!date) return;
    date.focus();
    try { date.showPicker(); } catch { /* the focus is enough */ }
  };

  const dress = (root) => {
    revealParts(root);
    all("input[data-phone]", root).forEach(groupPhone);
    tick();
  };

  addEventListener("submit", guardForm);
  addEventListener("submit", (event) => {
    const button = event.submitter?.matches("button[data-call]") ? event.submitter : null;
    if (!button && !event.target.matches("form[data-call]")) return;
    event.preventDefault();
    call(event.target, button).finally(() => setTimeout(() => freeForms(), 800));
  }, true);
  addEventListener("input", (event) => {
    const field = event.target;
    const isNumber = field.matches("input[data-phone]");
    if (isNumber) groupPhone(field);
    countLetters();
    if (field.form) { tickAlong(field.form, field.name); revealParts(field.form); }
  });
  addEventListener("change", (event) => {
    if (event.isTrusted) openCalendar(event.target);
    if (event.target.closest("form[data-auto]") && !event.target.closest("[hx-get]")) event.target.form.requestSubmit();
  });
  addEventListener("keydown", press);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") openMenus().forEach((menu) => { menu.open = false; });
  });
  addEventListener("click", clicked);
  addEventListener("pagehide", keepSpot);
  addEventListener("pageshow", (event) => { if (event.persisted) { freeForms(); dress(document); } });
  addEventListener("genjin:filled", (event) => dress(event.target));
  addEventListener("htmx:afterSettle", (event) => dress(event.target.parentElement || document));
  addEventListener("htmx:afterRequest", (event) => freeForms(event.target));

  returnToSpot();
  /* a bar of tabs that is wider than the window shows the one that is open */
  all(".tabs4 [aria-current]").forEach((tab) => { tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.clientWidth / 2; });
  showTheme();
  dress(document);
  setInterval(tick, 1000);
})();
