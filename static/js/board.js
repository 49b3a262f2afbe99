/* The board of opportunities: cards are dragged by mouse or finger, moved by keys, or by the menu.
   Without this script "Move to…" is a page of its own. A move is shown at once and taken back, with
   words, where the server refuses it. Hangs on [data-board=movable], [data-stage], [data-card]. */
"use strict";
(() => {
  const board = document.querySelector("[data-board=movable]");
  if (!board) return;
  const dialog = document.getElementById("move-to");
  const spoken = document.querySelector("[data-said]");
  const columns = [...board.querySelectorAll("[data-stage]")];
  const token = document.querySelector("#move-to [name=csrfmiddlewaretoken]").value;
  const columnOf = (card) => card.closest("[data-stage]");
  const cardsOf = (column) => column.querySelector("[data-cards]");
  const columnFor = (stage) => columns.find((column) => column.dataset.stage === String(stage));

  const say = (words, isWrong) => {
    spoken.textContent = words;
    spoken.classList.toggle("is-wrong", isWrong);
  };

  /* in the order of the column: the soonest expected day first */
  const put = (card, column) => {
    const list = cardsOf(column);
    const behind = [...list.children].find((other) => other !== card && other.dataset.order > card.dataset.order);
    list.insertBefore(card, behind || null);
  };

  /* the answer says where the card stands and what all columns count */
  const show = (card, told) => {
    const hadFocus = card.contains(document.activeElement);
    const draft = document.createElement("template");
    draft.innerHTML = told.card.trim();
    const fresh = draft.content.firstElementChild;
    const column = columnFor(told.stage);
    card.remove();
    if (column) put(fresh, column);
    Object.entries(told.heads).forEach(([stage, html]) => {
      const head = columnFor(stage)?.querySelector("[data-head]");
      if (head) head.innerHTML = html;
    });
    document.querySelector("[data-stats]").innerHTML = told.stats;
    fresh.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (hadFocus) fresh.querySelector("a").focus({ preventScroll: true });
  };

  const send = (card, from, to) => {
    const body = new FormData();
    Object.entries({ seen: from.dataset.stage, to: to.dataset.stage, scope: board.dataset.scope, csrfmiddlewaretoken: token })
      .forEach(([name, value]) => body.set(name, value));
    return fetch(card.dataset.move, { method: "POST", body, headers: { Accept: "application/json" } });
  };

  /* a loss wants its reason, and so does what was closed: both are asked for on a page */
  const wantsWords = (from, to) => to.dataset.kind === "lost" || from.dataset.kind !== "open";

  const move = async (card, to) => {
    const from = columnOf(card), next = card.nextElementSibling, hadFocus = card.contains(document.activeElement);
    if (!to || to === from || card.dataset.busy) return;
    if (wantsWords(from, to)) return void (location.href = `${card.dataset.move}?to=${to.dataset.stage}`);
    card.dataset.busy = "yes";
    put(card, to);
    if (hadFocus) card.querySelector("a").focus({ preventScroll: true });
    try {
      const answer = await send(card, from, to);
      if (![200, 409].includes(answer.status)) throw new Error(answer.status);
      const told = await answer.json();
      show(card, told);
      say(told.said, !answer.ok);
    } catch {
      cardsOf(from).insertBefore(card, next?.parentElement === cardsOf(from) ? next : null);
      delete card.dataset.busy;
      say(board.dataset.failed, true);
    }
  };

  /* the menu: one for all cards */
  let chosen = null;
  const openMenu = (card) => {
    chosen = card;
    dialog.querySelector("[data-move-name]").textContent = card.querySelector("a").textContent;
    dialog.querySelectorAll("[data-to]").forEach((choice) => {
      choice.disabled = choice.dataset.to === columnOf(card).dataset.stage;
    });
    dialog.showModal();
  };
  dialog.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-to]");
    if (!choice || !chosen) return;
    dialog.close();
    move(chosen, columnFor(choice.dataset.to));
  });

  /* keys: [ and ] move the card, arrows walk, m opens the menu */
  const walk = (card, key) => {
    const column = columnOf(card);
    if (key === "ArrowUp" || key === "ArrowDown") {
      return (key === "ArrowUp" ? card.previousElementSibling : card.nextElementSibling);
    }
    const step = key === "ArrowLeft" ? -1 : 1, place = [...cardsOf(column).children].indexOf(card);
    for (let at = columns.indexOf(column) + step; columns[at]; at += step) {
      const cards = cardsOf(columns[at]).children;
      if (cards.length && cards[0].offsetParent) return cards[Math.min(place, cards.length - 1)];
    }
    return null;
  };
  const neighbour = (card, step) => {
    const ways = columns.filter((column) => column.dataset.kind !== "lost");
    return ways[ways.indexOf(columnOf(card)) + step];
  };
  board.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-card]");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "[" || event.key === "]") move(card, neighbour(card, event.key === "[" ? -1 : 1));
    else if (event.key === "m") openMenu(card);
    else if (event.key.startsWith("Arrow")) {
      const to = walk(card, event.key);
      to?.querySelector("a").focus();
      to?.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else return;
    event.preventDefault();
  });

  /* dragging: a mouse after a few pixels, a finger after it has rested on the card */
  const REST = 250, SLACK = 6, EDGE = 48;
  let held = null, hasDropped = false;
  const lift = () => {
    const { card, x, y } = held, box = card.getBoundingClientRect();
    held.ghost = card.cloneNode(true);
    held.ghost.removeAttribute("id");
    held.ghost.classList.add("is-ghost");
    held.ghost.setAttribute("aria-hidden", "true");
    held.ghost.style.width = `${box.width}px`;
    held.left = x - box.left;
    held.top = y - box.top;
    document.body.append(held.ghost);
    card.classList.add("is-lifted");
    board.classList.add("is-dragging");
    follow(x, y);
    glide();
  };
  const follow = (x, y) => {
    held.x = x;
    held.y = y;
    held.ghost.style.transform = `translate(${x - held.left}px, ${y - held.top}px) rotate(1.5deg)`;
    const under = document.elementFromPoint(x, y)?.closest("[data-stage]") || null;
    if (under === held.over) return;
    held.over?.classList.remove("is-over");
    under?.classList.add("is-over");
    held.over = under;
  };
  const glide = () => {
    if (!held?.ghost) return;
    const box = board.getBoundingClientRect();
    if (held.x > box.right - EDGE) board.scrollLeft += 10;
    if (held.x < box.left + EDGE) board.scrollLeft -= 10;
    requestAnimationFrame(glide);
  };
  const drop = (isMeant) => {
    if (!held) return;
    const { card, over, ghost, timer } = held;
    clearTimeout(timer);
    held = null;
    if (!ghost) return;
    ghost.remove();
    card.classList.remove("is-lifted");
    board.classList.remove("is-dragging");
    over?.classList.remove("is-over");
    hasDropped = true;
    setTimeout(() => { hasDropped = false; }, 0);
    if (isMeant) move(card, over);
  };
  board.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("[data-card]");
    if (!card || event.button || event.target.closest("[data-move-to]")) return;
    held = { card, x: event.clientX, y: event.clientY, isMouse: event.pointerType === "mouse" };
    if (!held.isMouse) held.timer = setTimeout(lift, REST);
  });
  addEventListener("pointermove", (event) => {
    if (!held) return;
    if (held.ghost) return void follow(event.clientX, event.clientY);
    if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < SLACK) return;
    if (held.isMouse) lift(); else drop(false);
  });
  addEventListener("pointerup", () => drop(true));
  addEventListener("pointercancel", () => drop(false));
  addEventListener("keydown", (event) => { if (event.key === "Escape") drop(false); });
  board.addEventListener("touchmove", (event) => { if (held?.ghost) event.preventDefault(); }, { passive: false });
  board.addEventListener("contextmenu", (event) => { if (held && !held.isMouse) event.preventDefault(); });
  board.addEventListener("dragstart", (event) => event.preventDefault());
  board.addEventListener("click", (event) => {
    if (hasDropped) return void event.preventDefault();
    const opener = event.target.closest("[data-move-to]");
    if (!opener || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    openMenu(opener.closest("[data-card]"));
  });
})();
