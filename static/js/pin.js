// A point set by hand: the map is loaded when the user opens it, and a tap sets two hidden fields.
import { homeOf } from "./locate.js";

const loaded = (tag, given) =>
  new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement(tag), given, { onload: resolve, onerror: reject }));
  });

async function open(fold) {
  const { areas, tiles, lat, lng, from, styles, leaflet } = fold.dataset;
  const box = fold.querySelector("[data-pin-map]");
  const words = fold.querySelector("[role=status]");
  const fields = [document.getElementById(lat), document.getElementById(lng)];
  const clear = fold.querySelector("button");
  try {
    for (const href of styles.split(" ")) await loaded("link", { rel: "stylesheet", href });
    await loaded("script", { src: leaflet });
  } catch {
    words.textContent = words.dataset.failed;
    return;
  }
  const { base, drawAreas } = await import("./base_map.js");
  const { L } = window;
  const map = base(box, fold.dataset);
  const icon = L.divIcon({ className: "map-point", html: '<div class="map-pin is-late"><span></span></div>', iconSize: [24, 24], iconAnchor: [12, 28] });
  let outlines = null;
  const pin = L.marker([0, 0], { icon, draggable: true, keyboard: false });
  const mark = ({ lat: y, lng: x }) => {
    fields[0].value = y.toFixed(6);
    fields[1].value = x.toFixed(6);
    pin.setLatLng([y, x]).addTo(map);
    words.textContent = words.dataset.done;
    clear.hidden = false;
    homeOf(fold, fields[0].value, fields[1].value).then(({ name = "", outside }) => {
      if (outside) refuse(outside);
      else if (fields[0].value) words.textContent = `${words.dataset.done} ${name}`.trim();
    });
  };
  // A point outside the district is removed, and the map returns to the district.
  const refuse = (outside) => {
    clear.click();
    words.textContent = outside;
    if (outlines?.getLayers().length) map.fitBounds(outlines.getBounds(), { animate: false });
  };
  map.on("click", ({ latlng }) => mark(latlng.wrap()));
  pin.on("dragend", () => mark(pin.getLatLng()));
  clear.addEventListener("click", () => {
    for (const field of fields) field.value = "";
    pin.remove();
    words.textContent = "";
    clear.hidden = true;
  });
  outlines = await drawAreas(map, areas);
  if (!outlines?.getLayers().length && !tiles) {
    box.hidden = true;
    words.textContent = words.dataset.failed;
    return;
  }
  const chosen = outlines?.getLayers().find(({ feature }) => feature.properties.code === document.getElementById(from)?.value);
  if (fields[0].value) {
    map.setView(fields.map((field) => Number(field.value)), 16);
    mark(map.getCenter());
  } else if (outlines?.getLayers().length) {
    map.fitBounds((chosen || outlines).getBounds(), { animate: false });
  } else {
    map.setView([35, 105], 4);
  }
}

export function bindPin(root) {
  for (const fold of root.querySelectorAll("details[data-pin]")) {
    fold.hidden = false;
    fold.addEventListener("toggle", () => open(fold), { once: true });
  }
}
