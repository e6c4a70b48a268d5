// Writes the present position into two hidden fields, if the browser knows it; with data-auto, on a phone, at once.
import { choose } from "./option_groups.js";

// The community that the last mark chose; the next mark may replace it, but not one chosen by hand.
let chosen = "";

// Chooses the community that contains the marked point, unless one was chosen by hand.
// Resolves to its name, and to the words of the refusal if the point is outside the district.
// A form without a community field, such as a check-in, has nothing to choose.
export async function homeOf(box, lat, lng) {
  const area = document.getElementById(box.dataset.from ?? "");
  if (!area) return {};
  const body = new URLSearchParams({ lat, lng, csrfmiddlewaretoken: area.form.elements.csrfmiddlewaretoken.value });
  const answer = await fetch(box.dataset.home, { method: "POST", body }).catch(() => null);
  if (!answer?.ok) return {};
  const { code, name, outside } = await answer.json();
  if (!code || (area.value && area.value !== chosen)) return { outside };
  chosen = choose(area, code) ? code : "";
  area.dispatchEvent(new Event("change", { bubbles: true }));
  return chosen ? { name } : {};
}

export function bindLocate(root) {
  if (!navigator.geolocation || !window.isSecureContext) return;
  for (const box of root.querySelectorAll("[data-place]")) {
    box.hidden = false;
    const words = box.querySelector("[role=status]");
    const marked = async ({ coords }) => {
      const [lat, lng] = [coords.latitude.toFixed(6), coords.longitude.toFixed(6)];
      const fields = [document.getElementById(box.dataset.placeLat), document.getElementById(box.dataset.placeLng)];
      [fields[0].value, fields[1].value] = [lat, lng];
      words.textContent = words.dataset.done;
      const { name = "", outside } = await homeOf(box, lat, lng);
      if (outside) for (const field of fields) field.value = "";
      words.textContent = outside || `${words.dataset.done} ${name}`.trim();
    };
    box.querySelector("button").addEventListener("click", () => {
      words.textContent = words.dataset.wait;
      const failed = () => {
        words.textContent = words.dataset.failed;
      };
      navigator.geolocation.getCurrentPosition(marked, failed, { enableHighAccuracy: true, timeout: 15000 });
    });
    if ("auto" in box.dataset && window.matchMedia("(pointer: coarse)").matches) box.querySelector("button").click();
  }
}
