// A long select or group of checkboxes gets a search field above it.
// It finds words, and the first letters of their pinyin.
const LONG = 15;
let letters = null;

async function known() {
  const mark = document.querySelector("meta[name=initials]");
  letters ??= mark ? fetch(mark.content).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({})) : Promise.resolve({});
  return letters;
}

function fits(typed, name, table) {
  if (name.includes(typed)) return true;
  for (let at = 0; at + typed.length <= name.length; at += 1) {
    const same = [...typed].every((letter, n) => letter === name[at + n] || (table[name[at + n]] || "").includes(letter));
    if (same) return true;
  }
  return false;
}

export function bindPick(root) {
  const mark = document.querySelector("meta[name=initials]");
  if (!mark) return;
  for (const select of root.querySelectorAll("select:not([multiple]):not([data-narrowed])")) {
    if (select.options.length >= LONG) narrow(select, mark.dataset.words);
  }
  for (const group of root.querySelectorAll(".choice-group:not([data-narrowed])")) {
    if (group.querySelectorAll("[type=checkbox]").length >= LONG) sift(group, mark.dataset.words);
  }
}

function fieldFor(owner, label, words) {
  owner.dataset.narrowed = "1";
  const field = document.createElement("input");
  field.type = "search";
  field.className = "form-control pick";
  field.placeholder = words;
  field.setAttribute("aria-label", `${label?.textContent.trim() ?? ""} ${words}`);
  field.autocomplete = "off";
  field.addEventListener("change", (event) => event.stopPropagation());
  return field;
}

// Checked boxes stay visible, whatever is typed.
function sift(group, words) {
  const legend = group.querySelector("legend");
  const field = fieldFor(group, legend, words);
  field.addEventListener("input", async () => {
    const table = await known();
    const typed = field.value.trim().toLowerCase();
    for (const label of group.querySelectorAll("label.form-check")) {
      const on = label.querySelector("input").checked;
      label.hidden = Boolean(typed) && !on && !fits(typed, label.textContent.trim().toLowerCase(), table);
    }
  });
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  legend.after(field);
}

function narrow(select, words) {
  const field = fieldFor(select, select.labels?.[0], words);
  field.setAttribute("aria-controls", select.id);
  const copied = () => [...select.children].map((one) => one.cloneNode(true));
  let all = copied();
  select.addEventListener("options", () => {
    field.value = "";
    all = copied();
  });
  field.addEventListener("input", async () => {
    const table = await known();
    const typed = field.value.trim().toLowerCase();
    const chosen = select.value;
    const keep = (option) => !option.value || option.value === chosen || fits(typed, option.textContent.toLowerCase(), table);
    const part = (one) => {
      const copy = one.cloneNode(true);
      if (copy.tagName === "OPTGROUP") for (const option of [...copy.children]) if (!keep(option)) option.remove();
      return copy.tagName === "OPTGROUP" ? copy.children.length && copy : keep(copy) && copy;
    };
    select.replaceChildren(...(typed ? all.map(part).filter(Boolean) : all.map((one) => one.cloneNode(true))));
    select.value = chosen;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const found = [...select.options].filter((option) => option.value && option.value !== select.value);
    const only = found.length === 1 ? found[0] : null;
    if (!only) return;
    select.value = only.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.focus();
  });
  select.before(field);
}
