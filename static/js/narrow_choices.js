// A long group of checkboxes gets a search field, which hides what does not fit, and a chip for each checked box.
import { LONG, fieldFor, fieldWords, fits, known } from "./search_field.js";

export function bindNarrowChoices(root) {
  const words = fieldWords();
  if (words === undefined) return;
  for (const group of root.querySelectorAll(".choice-group:not([data-narrowed])")) {
    if (group.querySelectorAll("[type=checkbox]").length >= LONG) sift(group, words);
  }
}

function chip(box, name) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: `${name} ×` });
  button.addEventListener("click", () => box.click());
  return button;
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
  const chips = Object.assign(document.createElement("div"), { className: "chosen-chips" });
  const tell = () => {
    const checked = [...group.querySelectorAll("[type=checkbox]:checked")];
    chips.replaceChildren(...checked.map((box) => chip(box, box.closest("label").textContent.trim())));
  };
  group.addEventListener("change", tell);
  legend.after(chips, field);
  tell();
}
