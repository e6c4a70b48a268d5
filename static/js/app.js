// Binds the small modules to elements with data- attributes; pages also work without any script.
import { bindCombos } from "./combo.js";
import { bindConsent } from "./consent.js";
import { bindDrafts } from "./draft.js";
import { bindIdle } from "./idle.js";
import { bindKeys } from "./keys.js";
import { bindList } from "./list.js";
import { bindLocate } from "./locate.js";
import { bindNarrowChoices } from "./narrow_choices.js";
import { bindNarrowSelect } from "./narrow_select.js";
import { bindPhotos } from "./photos.js";
import { bindPin } from "./pin.js";
import { bindPlaces } from "./places.js";
import { bindPrint } from "./print.js";
import { bindRead } from "./read.js";
import { bindSendOnce } from "./send_once.js";
import { bindUnsent } from "./unsent.js";
import { bindViewer } from "./viewer.js";

function bind(root) {
  bindIdle(root); // before the modules that watch a form being sent
  bindKeys(root);
  bindList(root);
  bindConsent(root);
  bindSendOnce(root);
  bindLocate(root);
  bindPin(root);
  bindPhotos(root);
  bindCombos(root); // before the selects that keep their list
  bindNarrowSelect(root);
  bindNarrowChoices(root);
  bindPlaces(root);
  bindDrafts(root); // after the modules that listen to the fields it restores
  bindUnsent(root);
  bindPrint(root);
  bindRead(root);
  bindViewer(root);
  for (const one of root.querySelectorAll("[data-scripted]")) one.hidden = false;
  root.querySelector(".settings-menu [aria-current], .tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  root.querySelector(".stop")?.scrollIntoView({ block: "nearest" });
  root.querySelector("[data-focus]")?.focus();
}

bind(document);
document.addEventListener("htmx:afterSwap", (event) => bind(event.detail.elt));
// A URL contains only the filters that are set.
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters, elt } = event.detail;
  if (!elt.matches("form[method=get]")) return;
  for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
});
