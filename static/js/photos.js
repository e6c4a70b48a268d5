// Chosen photos are shown small and can be removed before they are sent; with data-photos-shrink, large ones are made smaller.
import { SMALL, shrunk } from "./shrink.js";

const filled = (words, given) => Object.entries(given).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words);

function picture(file, words, remove) {
  const row = document.createElement("li");
  const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: file.name });
  const cross = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "✕" });
  cross.setAttribute("aria-label", filled(words, { name: file.name }));
  cross.addEventListener("click", remove);
  row.append(image, cross);
  return row;
}

function watch(input) {
  const list = input.parentElement.querySelector(".chosen-photos");
  const status = list.nextElementSibling;
  const most = Number(input.dataset.photos);
  let chosen = [];
  let turn = 0;

  const put = () => {
    const carrier = new DataTransfer();
    for (const file of chosen) carrier.items.add(file);
    input.files = carrier.files;
  };
  const say = (words) => {
    status.hidden = !words;
    status.textContent = words;
  };
  const show = (more = "") => {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...chosen.map((file) => picture(file, list.dataset.remove, () => take(file))));
    list.hidden = !chosen.length;
    const mb = (chosen.reduce((sum, { size }) => sum + size, 0) / 1024 / 1024).toFixed(1);
    const told = chosen.length ? filled(status.dataset.chosen, { n: chosen.length, mb }) : "";
    say([told, more].filter(Boolean).join(" · "));
  };
  const take = (file) => {
    chosen = chosen.filter((one) => one !== file);
    put();
    show();
    (list.querySelector("button") || input).focus();
  };

  input.addEventListener("change", async () => {
    const mine = ++turn;
    const known = new Set(chosen.map(({ name, lastModified }) => `${name} ${lastModified}`));
    const fresh = [...input.files].filter(({ name, lastModified }) => !known.has(`${name} ${lastModified}`));
    const all = [...chosen, ...fresh];
    chosen = all.slice(0, most);
    put(); // complete at any time, also while photos are made smaller
    if (input.dataset.photosShrink) {
      const before = chosen;
      for (const [n, file] of before.entries()) {
        if (file.size > SMALL) say(filled(status.dataset.shrinking, { n: n + 1, all: before.length }));
        const smaller = await shrunk(file);
        if (mine !== turn) return;
        chosen = chosen.map((one) => (one === file ? smaller : one));
      }
      put();
    }
    show(all.length > most ? filled(status.dataset.most, { n: most }) : "");
  });
  input.form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && chosen.length) say(status.dataset.sending);
  });
}

export function bindPhotos(root) {
  if (!window.DataTransfer) return;
  for (const input of root.querySelectorAll("input[type=file][data-photos]:not([data-watched])")) {
    input.dataset.watched = "1";
    watch(input);
  }
}
