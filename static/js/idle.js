// Before an idle session ends, the page warns; after it, one logs in again without leaving the page.
import { ask, idleFor, limit, logIn, renew, use } from "./session.js";

const SOON = 120; // seconds of warning
const EVERY = 10_000; // milliseconds between two looks at the clock

let box = null;
let typed = 0;

function show(part) {
  for (const one of box.querySelectorAll("[data-idle]")) one.hidden = one.dataset.idle !== part;
  if (!box.open) box.showModal();
  box.dataset.part = part;
}

// True if the page can go on with the session that there is.
async function goesOn(poll) {
  const found = await ask(box, poll);
  if (found === null && !(box.open && box.dataset.part === "over")) show("over");
  if (found && found.name !== box.dataset.name) show("other");
  if (found?.name !== box.dataset.name) return false;
  renew(found.token);
  return true;
}

async function look() {
  const idle = idleFor();
  if (idle < limit(box) - SOON) {
    if (box.open && box.dataset.part !== "other" && (await goesOn(true))) box.close();
    return;
  }
  if (idle >= limit(box)) await goesOn(true);
  else if ((Date.now() - typed) / 1000 < SOON) await goesOn(false); // who types is there
  else if (!box.open) show("soon");
}

async function again(event) {
  event.preventDefault();
  const field = event.target.password;
  const told = event.target.querySelector("[role=alert]");
  told.textContent = await logIn(box, field.value);
  told.hidden = !told.textContent;
  field.value = "";
  if (told.textContent) field.focus();
  else if (await goesOn(false)) box.close();
}

// A form that would meet an ended session waits for the log-in; the user sends it again.
async function hold(event) {
  const form = event.target;
  if (box.contains(form) || form.method !== "post" || form.dataset.lasts || idleFor() < limit(box)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await goesOn(false))) return;
  form.dataset.lasts = "1";
  form.requestSubmit(event.submitter);
  delete form.dataset.lasts;
}

export function bindIdle(root) {
  const found = root.querySelector("#idle");
  if (!found) return;
  box = found;
  use();
  box.querySelector("[data-idle=soon] button").addEventListener("click", async () => (await goesOn(false)) && box.close());
  box.querySelector("[data-idle=other] button").addEventListener("click", () => box.close());
  box.querySelector("form").addEventListener("submit", again);
  box.addEventListener("cancel", (event) => {
    if (box.dataset.part === "over") event.preventDefault();
    if (box.dataset.part === "soon") goesOn(false);
  });
  document.addEventListener("input", () => (typed = Date.now()));
  document.addEventListener("submit", hold, true);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  document.addEventListener("htmx:afterRequest", ({ detail }) => !detail.requestConfig?.headers?.["X-Poll"] && detail.successful && use());
  setInterval(look, EVERY);
}
