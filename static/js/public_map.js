// Public tickets on a map, in squares of about a hundred metres, which are merged at low zoom.
// A click on a square lists its tickets.
import { base, drawAreas } from "./base_map.js";
import { cell } from "./map_marks.js";

const { L } = window;
const PIXELS = 48;

function gathered(squares, zoom) {
  const size = Math.max((360 / 2 ** zoom / 256) * PIXELS, 0.001);
  const found = new Map();
  for (const [lat, lng, n, open] of squares) {
    const key = `${Math.floor(lat / size)},${Math.floor(lng / size)}`;
    const one = found.get(key) || { lat: 0, lng: 0, n: 0, open: 0, squares: [] };
    one.lat += lat * n;
    one.lng += lng * n;
    one.n += n;
    one.open += open;
    one.squares.push([lat, lng]);
    found.set(key, one);
  }
  return [...found.values()].map((one) => ({ ...one, lat: one.lat / one.n, lng: one.lng / one.n }));
}

const said = (words, { n, open }) => words.replace("{n}", n).replace("{open}", open);

async function show(box) {
  const { openMap, square, areas, list, words } = box.dataset;
  const beside = document.getElementById(list);
  const status = document.getElementById(box.dataset.said);
  const given = new URLSearchParams(window.location.search);
  const answer = await fetch(`${openMap}?${given}`);
  if (!answer.ok) return;
  const { squares } = await answer.json();
  if (!squares.length) {
    status.textContent = status.dataset.none;
    return;
  }
  const sum = (place) => squares.reduce((all, one) => all + one[place], 0);
  status.textContent = said(status.dataset.all, { n: sum(2), open: sum(3) });
  box.hidden = false;
  const map = base(box);
  const layer = L.layerGroup().addTo(map);

  async function tell({ lat, lng, squares: [first], ...one }) {
    given.set("lat", first[0]);
    given.set("lng", first[1]);
    const rows = await fetch(`${square}?${given}`);
    if (!rows.ok) return;
    beside.innerHTML = await rows.text();
    status.textContent = said(words, one);
    beside.focus();
  }

  function draw() {
    layer.clearLayers();
    for (const one of gathered(squares, map.getZoom())) {
      const mark = cell({ ...one, late: 0, name: said(words, one) });
      const near = () => map.flyTo([one.lat, one.lng], Math.min(map.getZoom() + 2, 18), { animate: false });
      const open = () => (one.squares.length > 1 ? near() : tell(one));
      layer.addLayer(mark.on("click", open).on("keypress", ({ originalEvent }) => originalEvent.key === "Enter" && open()));
    }
  }
  map.on("zoomend", draw);
  // The district decides what is in view, not the points on it; an area that was selected comes first.
  const outlines = await drawAreas(map, areas);
  const selected = outlines?.getLayers().find(({ feature }) => feature.properties.code === given.get("area"));
  const [south, west, north, east] = box.dataset.box.split(",").map(Number);
  const district = east === undefined ? L.latLngBounds(squares.map(([lat, lng]) => [lat, lng])) : L.latLngBounds([south, west], [north, east]);
  map.fitBounds(selected ? selected.getBounds() : district, { animate: false, padding: [12, 12], maxZoom: 16 });
  draw();
}

for (const box of document.querySelectorAll("[data-open-map]")) show(box);
