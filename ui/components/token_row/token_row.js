// The input as the model gets it: a tile for each token, and those that are open can be picked.
const SEGMENTS = ["A", "B"];
const LONGEST = 40; // characters shown of one piece

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".tokens");
  const open = new Set(data.open);
  const picked = new Set(data.picked);

  parentElement.querySelector(".hint").textContent = data.labels.hint;

  // The same tiles live on from run to run, so the keyboard focus stays where it is.
  while (box.children.length > data.tokens.length) box.lastElementChild.remove();
  while (box.children.length < data.tokens.length) box.append(newTile());
  const tiles = [...box.children];
  const reachable = tiles.filter((_, position) => open.has(position));

  tiles.forEach((tile, position) => {
    const [place, text, id] = tile.children;
    const segment = !data.withSegments ? "" : SEGMENTS[data.segments[position]] ?? String(data.segments[position]);
    const token = data.tokens[position];
    tile.className = `token ${data.kinds[position]}`;
    tile.classList.toggle("second", data.segments[position] === 1);
    tile.classList.toggle("open", open.has(position));
    tile.disabled = !open.has(position);
    place.firstChild.textContent = `${position + 1} `;
    place.lastChild.textContent = segment;
    text.textContent = token.length > LONGEST ? `${token.slice(0, LONGEST)}…` : token;
    id.textContent = String(data.ids[position]);
    const said = { token, position: position + 1, id: data.ids[position], segment };
    tile.setAttribute("aria-label", data.labels.token.replace(/\{(\w+)\}/g, (_, name) => said[name]));
    if (open.has(position)) tile.setAttribute("aria-pressed", String(picked.has(position)));
    else tile.removeAttribute("aria-pressed");
    tile.onclick = () => setTriggerValue("pick", position);
    tile.onfocus = () => reach(tile);
  });

  function reach(tile) {
    reachable.forEach((other) => { other.tabIndex = other === tile ? 0 : -1; });
  }
  const first = reachable.find((tile) => tile.tabIndex === 0) ?? tiles[data.picked[0]] ?? reachable[0];
  if (first) reach(first);

  box.onkeydown = (event) => {
    walkRow(event, reachable, reachable.indexOf(event.target.closest(".token")));
  };
}

function newTile() {
  const tile = document.createElement("button");
  tile.type = "button";
  tile.tabIndex = -1;
  for (const name of ["place", "text", "id"]) {
    const line = document.createElement("span");
    line.className = name;
    line.dir = "auto";
    tile.append(line);
  }
  tile.firstChild.append(document.createTextNode(""), document.createElement("b"));
  return tile;
}
