/* What was typed into a form[data-draft] and not sent: kept in this browser, and put back.
   Stands before genjin.js, which shows the parts of a form that its answers need ("genjin:filled"). */
"use strict";
(() => {
  const days = 24 * 60 * 60 * 1000;
  const kept = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or private */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* private */ } },
    keys() { try { return Object.keys(localStorage); } catch { return []; } },
  };

  /* form[data-draft="name"]
     Keeps what somebody typed through a closed tab, three days at most, for html[data-person] alone.
     Never phone numbers, passwords, files, nor what is hidden: the form's own `key` belongs to what
     was sent with it, not to what is typed next. Nor what nobody touched: what the server has
     written into a field since holds, and what was typed over the old is told beside the form. A
     draft goes when the server says, by a cookie, that it arrived: no other page proves that. What
     was typed beside a number, input[data-phone], is that number's: it comes back with the same
     number alone, told by a mark that says nothing of it. */
  const person = document.documentElement.dataset.person || "";
  const looksPrivate = /phone|mobile|csrf|password|otp/i;
  /* as core.phones.text finds them: mobiles, spaced, dashed, dotted or wide, and landlines */
  const gap = "[\\s\\-‐-―−_.·•*()\\u00ad\\u200b-\\u200f\\u2060\\ufeff]{0,3}", wideGap = "[\\s,、/·.]{1,3}";
  const number = new RegExp(`1${gap}[3-9](${gap}\\d){9}|1[3-9]\\d(${wideGap}\\d{4}){2}|0\\d{2,3}[-‐-―) ]{1,2}\\d{3,4}${gap}\\d{4}`);
  const holdsNumber = (text) => number.test(text.normalize("NFKC"));
  const isKept = (field) => field.name && !looksPrivate.test(field.name) && !field.closest("[data-no-draft]")
    && !["tel", "password", "file", "hidden", "submit", "button"].includes(field.type) && !holdsNumber(field.value);
  const nameOfDraft = (name) => `genjin.draft.${person}.${name}`;
  const draftOf = (form) => nameOfDraft(form.dataset.draft);
  const plainDigits = (text) => text.normalize("NFKC").replace(/\D/g, "");
  const markOf = (form) => {
    const digits = plainDigits(form.querySelector("input[data-phone]")?.value || "").slice(-11);
    return digits && [...digits].reduce((sum, digit) => (sum * 31 + Number(digit) + 7) % 65521, 1);
  };
  const isBox = (field) => ["radio", "checkbox"].includes(field.type);
  const isDay = (field) => field.type === "radio" && groupOf(field).some((each) => /^\d{4}-\d\d-\d\d$/.test(each.value));
  /* a day that the form proposes, and no row keeps, form[data-stands], moves with the clock */
  const moves = (field) => field.form.dataset.stands === undefined && (["date", "time", "datetime-local"].includes(field.type) || isDay(field));
  const groupOf = (field) => [...field.form.elements].filter((each) => each.type === "radio" && each.name === field.name);
  const standing = (field) => (field.type === "radio" ? groupOf(field).find((each) => each.checked)?.value ?? "" : field.value);
  const written = (field) => {
    if (field.type === "radio") return groupOf(field).find((each) => each.defaultChecked)?.value ?? "";
    if (isBox(field)) return field.defaultChecked;
    if (field.tagName !== "SELECT") return field.defaultValue;
    return ([...field.options].find((option) => option.defaultSelected) || field.options[0])?.value ?? "";
  };
  /* a value as it is read: the label of a choice */
  const wordsOf = (field, value) => {
    if (field.type === "radio") return groupOf(field).find((each) => each.value === value)?.labels[0]?.innerText.trim() || value;
    return [...(field.options || [])].find((option) => option.value === value)?.text || value;
  };
  const waiting = new WeakMap(), growing = new WeakMap(), firsts = new WeakMap();
  /* what stood at first: a part that is drawn again has what was typed written into it */
  const firstWritten = (field) => {
    const known = firsts.get(field.form) || firsts.set(field.form, new Map()).get(field.form);
    const name = isBox(field) && field.type !== "radio" ? `${field.name}=${field.value}` : field.name;
    if (!known.has(name)) known.set(name, written(field));
    return known.get(name);
  };
  /* on a page that came back refused, what stands there was typed: only the draft knows over what */
  const saveDraft = (form) => {
    const isBound = form.dataset.bound !== undefined;
    const before = (isBound && kept.read(draftOf(form))?.fields) || [];
    const isOne = (field) => field.type !== "radio" || groupOf(field)[0] === field;
    const fields = [...form.elements].filter((field) => isKept(field) && isOne(field)).map((field) => {
      const isTick = field.type === "checkbox";
      const old = before.find((each) => each.name === field.name && (!isTick || each.value === field.value));
      const over = firstWritten(field), now = isTick ? field.checked : standing(field);
      if (!old && now === over) return null;
      if (isTick) return { name: field.name, value: field.value, isOn: now };
      return { name: field.name, value: now, over: old ? old.over : over };
    }).filter(Boolean).concat(growing.get(form)?.fields || []);
    waiting.delete(form);
    if (fields.length) kept.write(draftOf(form), { at: Date.now(), of: markOf(form), fields });
    else kept.drop(draftOf(form));
  };
  /* template#draft-back: said above the form, and read out, with what was not put back and why */
  const sayDraft = (form, overtaken) => {
    const words = document.querySelector("template#draft-back");
    if (!words) return;
    const box = form.querySelector("[data-draft-back]") || document.createElement("div");
    box.dataset.draftBack = "";
    box.setAttribute("role", "status");
    box.replaceChildren(words.content.cloneNode(true));
    const told = box.querySelector("[data-overtaken]");
    told.hidden = !overtaken.length;
    told.lastElementChild.textContent = overtaken.join(" · ");
    (form.querySelector(".asks") || form).prepend(box);
  };
  const dropDraft = (form) => { kept.drop(draftOf(form)); location.reload(); };
  const restoreDraft = (form) => {
    const draft = kept.read(draftOf(form));
    if (!draft || form.dataset.bound !== undefined) return;
    if ((draft.of || "") !== markOf(form)) return void waiting.set(form, draft);
    fillIn(form, draft);
  };
  /* the number is whole: what waited is its own, or somebody else's and gone */
  const settleDraft = (form, field, isDone) => {
    const draft = waiting.get(form);
    if (!draft || (!isDone && plainDigits(field.value).length < 11)) return;
    waiting.delete(form);
    if (draft.of === markOf(form)) fillIn(form, draft);
  };
  /* a form that grows, button[data-grows], grows again until each line that was typed has its place */
  const lineOf = (each) => Number(each.name.match(/^line(\d+)-/)?.[1] ?? -1);
  const fillIn = (form, draft) => {
    const placed = [], homeless = [], overtaken = draft.overtaken || [];
    draft.fields.forEach((each) => {
      const field = [...form.elements].find((f) => f.name === each.name && isKept(f) && (each.isOn === undefined || f.value === each.value));
      if (!field) return void homeless.push(each);
      if (each.isOn !== undefined) { if (field.checked !== each.isOn) { field.checked = each.isOn; placed.push(field); } return; }
      if (standing(field) === each.value) return;
      const box = field.type === "radio" ? groupOf(field).find((f) => f.value === each.value) : field;
      if (!box || (box.tagName === "SELECT" && ![...box.options].some((option) => option.value === each.value))) return;
      if (firstWritten(field) !== each.over && !moves(field)) return void overtaken.push(wordsOf(field, each.value));
      if (box.type === "radio") box.checked = true; else box.value = each.value;
      placed.push(box);
    });
    if (placed.length || overtaken.length) sayDraft(form, overtaken);
    const more = form.querySelector("[data-grows]");
    const isGrowing = more && Math.max(...homeless.map(lineOf)) > Math.max(...[...form.elements].map(lineOf));
    if (isGrowing) growing.set(form, { fields: homeless, overtaken });
    else growing.delete(form);
    whenReady(() => {
      form.dispatchEvent(new Event("genjin:filled", { bubbles: true }));
      placed.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
      if (isGrowing) more.click();
    });
  };
  const growOn = (form) => {
    const rest = form && growing.get(form);
    if (rest) fillIn(form, rest);
  };
  /* htmx takes hold of the page after this script */
  const whenReady = (act) => {
    if (document.readyState === "loading" || document.readyState === "interactive") addEventListener("load", act, { once: true });
    else act();
  };
  const forgetDrafts = () => {
    const [, arrived] = document.cookie.match(/(?:^|; )genjin_arrived=([^;]*)/) || [];
    if (arrived) {
      kept.drop(nameOfDraft(decodeURIComponent(arrived)));
      document.cookie = "genjin_arrived=; path=/; max-age=0; samesite=lax";
    }
    kept.keys().filter((key) => key.startsWith("genjin.draft."))
      .filter((key) => !(Date.now() - kept.read(key)?.at < 3 * days)).forEach(kept.drop);
  };

  addEventListener("input", (event) => {
    const field = event.target, form = field.form;
    if (!form?.dataset.draft) return;
    const isNumber = field.matches("input[data-phone]");
    if (isNumber) settleDraft(form, field);
    /* after genjin.js, which ticks along what an answer means */
    setTimeout(() => { if (!(isNumber && waiting.has(form))) saveDraft(form); }, 0);
  });
  addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("input[data-phone]") && field.form?.dataset.draft) settleDraft(field.form, field, true);
  });
  addEventListener("submit", (event) => { if (event.target.dataset.draft) saveDraft(event.target); }, true);
  addEventListener("click", (event) => { if (event.target.closest("[data-draft-drop]")) dropDraft(event.target.closest("form")); });
  addEventListener("picked", () => document.querySelectorAll("form[data-draft] .line-forms").forEach((lines) => saveDraft(lines.closest("form"))));
  addEventListener("htmx:afterSettle", (event) => growOn(event.target.closest("form")));
  addEventListener("pageshow", (event) => { if (event.persisted) forgetDrafts(); });

  forgetDrafts();
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    [...form.elements].filter(isKept).forEach(firstWritten);
    restoreDraft(form);
  });
})();
