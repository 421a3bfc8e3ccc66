// What every grid of heads has: a row for each layer, a cell with a picture for each head, one of them selected.
const SHADES = 256;

/** Fill a grid; cells and keyboard focus outlive new pictures. `picture` gives the levels of a head, `pick` hears of a click. */
function headGrid(grid, data, picture, pick) {
  const { layers, heads, side } = data;
  grid.style.setProperty("--columns", heads);
  grid.classList.toggle("dense", heads > 8);
  grid.setAttribute("aria-label", data.labels.grid);

  // Rebuilt only when the model changes.
  if (grid.dataset.shape !== `${layers}x${heads}`) {
    grid.dataset.shape = `${layers}x${heads}`;
    grid.replaceChildren(...headRows(layers, heads));
  }
  const fill = (template, number) => template.replace("{number}", () => String(number));
  grid.querySelectorAll(".title").forEach((title) => {
    const kind = title.classList.contains("layer") ? "layer" : "head";
    title.firstChild.textContent = fill(data.labels[kind], title.dataset.number);
    title.lastChild.textContent = title.dataset.number;
  });

  const palette = shades(grid, "sequential", SHADES);
  const cells = [...grid.querySelectorAll(".cell")];
  const paint = () => cells.forEach((cell, number) => paintHead(cell.firstChild, picture(number), side, palette));
  const select = (number) => {
    cells.forEach((cell, each) => {
      cell.setAttribute("aria-selected", String(each === number));
      cell.tabIndex = each === number ? 0 : -1;
    });
  };
  cells.forEach((cell, number) => {
    const [layer, head] = [Math.floor(number / heads), number % heads];
    const name = `${fill(data.labels.layer, layer + 1)}, ${fill(data.labels.head, head + 1)}`;
    cell.setAttribute("aria-label", name);
    cell.title = name;
    cell.onclick = () => {
      select(number); // at once; Python's answer follows
      pick(layer, head);
    };
    cell.onkeydown = (event) => walkGrid(event, cells, heads, number, () => cell.click());
    cell.onfocus = () => cells.forEach((each) => { each.tabIndex = each === cell ? 0 : -1; });
  });
  paint();
  select(data.layer * heads + data.head);
  return { paint, select };
}

function headRows(layers, heads) {
  const element = (tag, role, className) => {
    const made = document.createElement(tag);
    made.setAttribute("role", role);
    made.className = className;
    return made;
  };
  const title = (role, kind, number) => {
    const made = element("div", role, `title ${kind}`);
    made.dataset.number = number;
    for (const length of ["long", "short"]) {
      const text = document.createElement("span");
      text.className = length;
      made.append(text);
    }
    return made;
  };
  const first = element("div", "row", "row");
  first.append(element("div", "presentation", "corner"));
  for (let head = 1; head <= heads; head += 1) first.append(title("columnheader", "head", head));
  const rows = [first];
  for (let layer = 1; layer <= layers; layer += 1) {
    const row = element("div", "row", "row");
    row.append(title("rowheader", "layer", layer));
    for (let head = 1; head <= heads; head += 1) {
      const cell = element("div", "gridcell", "cell");
      cell.append(document.createElement("canvas"));
      row.append(cell);
    }
    rows.push(row);
  }
  return rows;
}

function paintHead(canvas, levels, side, palette) {
  [canvas.width, canvas.height] = [side, side];
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(side, side);
  levels.forEach((level, place) => image.data.set(palette[level], 4 * place));
  pen.putImageData(image, 0, 0);
}

