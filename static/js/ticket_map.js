// A small map of one ticket with its area.
import { base, styled } from "./base_map.js";

const { L } = window;

async function single(box) {
  const answer = await fetch(box.dataset.spot);
  if (!answer.ok) return;
  const { point, outline, outside } = await answer.json();
  if (outside) {
    const words = Object.assign(document.createElement("p"), { className: "alert alert-warning", textContent: outside });
    words.setAttribute("role", "status");
    box.before(words);
  }
  if (!point && !outline) return;
  box.hidden = false;
  const map = base(box);
  const around = outline && L.geoJSON({ type: "Feature", geometry: outline, properties: {} }, { style: styled("community") });
  const view = around?.getBounds();
  if (view && point) view.extend([point.lat, point.lng]);
  if (view) map.fitBounds(view, { animate: false, padding: [8, 8] });
  else map.setView([point.lat, point.lng], 16);
  around?.addTo(map);
  if (point) L.circleMarker([point.lat, point.lng], { radius: point.own ? 9 : 14, weight: 3, color: "#fff", fillColor: "#c7222a", fillOpacity: point.own ? 1 : 0.5, interactive: false }).addTo(map);
}

for (const box of document.querySelectorAll("[data-spot]")) single(box);
