// Maps on the districts' own outlines: all tickets in view with their list, or one ticket with its area.
const { L } = window;
const OUTLINE = { district: [3, 0], street: [2, 0.03], community: [1, 0.04], grid: [0.5, 0.03] };
const FROM_ZOOM = { grid: 14.5 };
const LABELS = { street: [10, 13], community: [14, 16], grid: [17, 20] };
const QUIET = 250;

export function base(box, tiles) {
  const map = L.map(box, { zoomControl: true, attributionControl: false, maxZoom: 19, zoomSnap: 0.5 });
  if (tiles) L.tileLayer(tiles, { maxZoom: 19 }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  return map;
}

function styled(level) {
  const [weight, fillOpacity] = OUTLINE[level] || OUTLINE.community;
  return { color: "#1d5fbf", weight, fillColor: "#1d5fbf", fillOpacity, interactive: false };
}

export async function drawAreas(map, address) {
  const answer = await fetch(address);
  if (!answer.ok) return null;
  const labels = [];
  const fine = L.layerGroup();
  const { features } = await answer.json();
  L.geoJSON(features.filter(({ properties }) => FROM_ZOOM[properties.level]), { style: ({ properties }) => styled(properties.level) }).addTo(fine);
  const layer = L.geoJSON(features.filter(({ properties }) => !FROM_ZOOM[properties.level]), {
    style: ({ properties }) => styled(properties.level),
    onEachFeature: ({ properties }, shape) => {
      if (!LABELS[properties.level]) return;
      const tip = L.tooltip({ permanent: true, direction: "center", className: "map-label" });
      const words = document.createElement("span");
      words.textContent = properties.name;
      labels.push([properties.level, tip.setLatLng(shape.getBounds().getCenter()).setContent(words)]);
    },
  }).addTo(map);
  const say = () => {
    if (map.getZoom() >= FROM_ZOOM.grid) fine.addTo(map);
    else fine.remove();
    for (const [level, tip] of labels) {
      const [from, to] = LABELS[level];
      const wanted = map.getZoom() >= from && map.getZoom() <= to;
      if (wanted) tip.addTo(map);
      else tip.remove();
    }
  };
  map.on("zoomend", say);
  say();
  layer.bringToBack();
  return layer;
}

export function cell({ lat, lng, n, late, name = String(n) }) {
  const side = Math.round(28 + 10 * Math.log10(n));
  const icon = L.divIcon({ className: `map-cell${late ? " is-late" : ""}`, html: String(n), iconSize: [side, side] });
  return L.marker([lat, lng], { icon, title: name, alt: name });
}

function heat({ lat, lng, n }, most) {
  return L.circleMarker([lat, lng], { radius: 28, stroke: false, fillColor: "#c7222a", fillOpacity: 0.12 + (0.6 * n) / most, interactive: false });
}

function pin({ lat, lng, number, title, tone }, address) {
  const sign = { late: "!", closed: "✓", open: "" }[tone];
  const icon = L.divIcon({ className: "map-point", html: `<div class="map-pin is-${tone}"><span>${sign}</span></div>`, iconSize: [24, 24], iconAnchor: [12, 28] });
  const name = `${number} ${title}`;
  return L.marker([lat, lng], { icon, title: name, alt: name }).on("click", () => window.location.assign(address.replace("NUMBER", encodeURIComponent(number))));
}

function whole(box) {
  const { points, areas, list, ticket, tiles, said, late } = box.dataset;
  const form = document.getElementById("map-filters");
  const beside = document.getElementById("map-list");
  const words = document.getElementById("map-said");
  const heated = document.getElementById("map-heat");
  const map = base(box, tiles);
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

for (const box of document.querySelectorAll("[data-map]")) whole(box);
for (const box of document.querySelectorAll("[data-spot]")) single(box);
