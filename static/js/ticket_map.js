// A small map of one ticket with its area.
import { base, styled } from "./base_map.js";

const { L } = window;

async function single(box) {
  const answer = await fetch(box.dataset.spot);
  if (!answer.ok) return;
  const { point, outline } = await answer.json();
  if (!point && !outline) return;
  box.hidden = false;
  const map = base(box, box.dataset.tiles);
  const around = outline && L.geoJSON({ type: "Feature", geometry: outline, properties: {} }, { style: styled("community") });
  if (around) map.fitBounds(around.getBounds(), { animate: false, padding: [8, 8] });
  else map.setView([point.lat, point.lng], 16);
  around?.addTo(map);
  if (point) L.circleMarker([point.lat, point.lng], { radius: point.own ? 9 : 14, weight: 3, color: "#fff", fillColor: "#c7222a", fillOpacity: point.own ? 1 : 0.5, interactive: false }).addTo(map);
}

for (const box of document.querySelectorAll("[data-spot]")) single(box);
