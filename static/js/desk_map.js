// The map of all tickets in view, with their list next to it.
import { base, drawAreas } from "./base_map.js";
import { cell, heat, pin } from "./map_marks.js";

const { L } = window;
const QUIET = 250;

function whole(box) {
  const { points, areas, list, ticket, said, late } = box.dataset;
  const form = document.getElementById("map-filters");
  const beside = document.getElementById("map-list");
  const words = document.getElementById("map-said");
  const heated = document.getElementById("map-heat");
  const map = base(box);
  const layer = L.layerGroup().addTo(map);
  const [south, west, north, east] = box.dataset.box.split(",").map(Number);
  let waiting = 0;
  let turn = 0;

  async function show() {
    const mine = ++turn;
    const given = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const view = map.getBounds();
    const wrapped = [Math.max(view.getWest(), -180), Math.max(view.getSouth(), -90), Math.min(view.getEast(), 180), Math.min(view.getNorth(), 90)];
    if (!given.get("state")) given.set("open", "1");
    given.set("bbox", wrapped.map((one) => one.toFixed(6)).join(","));
    const rows = fetch(`${list}?${given}`, { headers: { "HX-Request": "true" } });
    given.set("zoom", Math.round(map.getZoom()));
    const answer = await fetch(`${points}?${given}`);
    if (!answer.ok || mine !== turn) return;
    const found = await answer.json();
    if (mine !== turn) return;
    draw(found);
    const told = await rows;
    if (mine === turn && told.ok) {
      beside.innerHTML = await told.text();
      window.htmx?.process(beside);
    }
  }

  function draw({ total, cells, points: single }) {
    layer.clearLayers();
    const most = Math.max(1, ...cells.map(({ n }) => n));
    const overdue = cells.reduce((sum, one) => sum + one.late, 0) + single.filter(({ tone }) => tone === "late").length;
    words.textContent = [said.replace("{n}", total), overdue ? late.replace("{n}", overdue) : ""].filter(Boolean).join("，");
    if (heated.checked) {
      const all = cells.length ? cells : single.map(({ lat, lng }) => ({ lat, lng, n: 1 }));
      for (const one of all) layer.addLayer(heat(one, most));
      return;
    }
    for (const one of cells) layer.addLayer(cell(one).on("click", () => map.flyTo([one.lat, one.lng], Math.min(map.getZoom() + 2, 19), { animate: false })));
    for (const one of single) layer.addLayer(pin(one, ticket));
  }

  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, QUIET);
  };
  map.on("moveend", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    later();
  });
  map.fitBounds([[south, west], [north, east]], { animate: false, padding: [12, 12], maxZoom: 17 });
  drawAreas(map, areas);
}

for (const box of document.querySelectorAll("[data-map]")) whole(box);
