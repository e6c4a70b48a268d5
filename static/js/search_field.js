// The search field above a long select or group of checkboxes, and what fits the typed text:
// words, and the first letters of their pinyin.
export const LONG = 15;
let letters = null;

// The words of the field, where the page has them.
export const fieldWords = () => document.querySelector("meta[name=initials]")?.dataset.words;

export async function known() {
  const mark = document.querySelector("meta[name=initials]");
  letters ??= mark ? fetch(mark.content).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({})) : Promise.resolve({});
  return letters;
}

export function fits(typed, name, table) {
  if (name.includes(typed)) return true;
  for (let at = 0; at + typed.length <= name.length; at += 1) {
    const same = [...typed].every((letter, n) => letter === name[at + n] || (table[name[at + n]] || "").includes(letter));
    if (same) return true;
  }
  return false;
}

export function fieldFor(owner, label, words) {
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
