// The session of the desk as this browser knows it: the last use, and whether the server still knows the user.
const LAG = 60; // the server notes the last use at most once a minute
const USED = "desk-used";

// The last use is shared by the pages of one browser; without storage each page counts for itself.
let own = Date.now();

export function use() {
  own = Date.now();
  try {
    localStorage.setItem(USED, String(own));
  } catch {
    // storage is not allowed
  }
}

export function idleFor() {
  let other = 0;
  try {
    other = Number(localStorage.getItem(USED)) || 0;
  } catch {
    // storage is not allowed
  }
  return (Date.now() - Math.max(own, other)) / 1000;
}

export const limit = (box) => Number(box.dataset.seconds) - LAG;

// What the server says of the session: its user, null after its end, undefined without a network. A poll is no use.
export async function ask(box, poll) {
  const answer = await fetch(box.dataset.here, { headers: poll ? { "X-Poll": "1" } : {} }).catch(() => null);
  if (!answer) return undefined;
  if (!answer.ok) return null;
  const found = await answer.json();
  if (!poll && found.name === box.dataset.name) use();
  return found;
}

// Logs in; the words of the error, empty if it succeeded.
export async function logIn(box, password) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const body = new URLSearchParams({ username: box.dataset.name, password });
  const answer = await fetch(box.dataset.here, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => null);
  if (answer?.ok) return "";
  if (answer?.status === 429) return box.dataset.locked;
  const given = await answer?.json().catch(() => null);
  return given?.error || box.dataset.failed;
}

// A log-in gives the forms of the page a new token.
export function renew(token) {
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}
