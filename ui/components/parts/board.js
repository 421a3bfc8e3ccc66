// What every board of heads has: a row for each layer, a column for each head, and a title for each of both.

/** Lay out a board and give its titles their words; returns what a head is called. `newParts` makes what stands on it. */
function layOut(board, { layers, heads, labels }, label, newParts) {
  board.style.setProperty("--columns", heads);
  board.classList.toggle("dense", heads > 8);
  board.setAttribute("aria-label", label);

  // Rebuilt only when the model changes: what stands on the board, and the keyboard focus, outlive new numbers.
  if (board.dataset.shape !== `${layers}x${heads}`) {
    board.dataset.shape = `${layers}x${heads}`;
    board.replaceChildren(...newParts(layers, heads));
  }
  const fill = (template, number) => template.replace("{number}", () => String(number));
  board.querySelectorAll(".title").forEach((title) => {
    const kind = title.classList.contains("layer") ? "layer" : "head";
    title.firstChild.textContent = fill(labels[kind], title.dataset.number);
    title.lastChild.textContent = title.dataset.number;
  });
  return (layer, head) => `${fill(labels.layer, layer + 1)}, ${fill(labels.head, head + 1)}`;
}

/** Make an element the title of a layer or a head: its words where there is room for them, else its number. */
function titled(title, number) {
  title.dataset.number = number;
  title.append(part("span", "long"), part("span", "short"));
  return title;
}

/** Lay out a grid of heads to pick one from. `newMark` makes what stands in a cell, `about` what is said of a head, `pick` hears of a click. */
function headCells(grid, data, newMark, about, pick) {
  const { heads } = data;
  const nameOf = layOut(grid, data, data.labels.grid, (layers) => newRows(layers, heads, newMark));
  const cells = [...grid.querySelectorAll(".cell")];
  cells.forEach((cell, number) => {
    const [layer, head] = [Math.floor(number / heads), number % heads];
    const name = `${nameOf(layer, head)}${about(number)}`;
    cell.setAttribute("aria-label", name);
    cell.title = name;
    cell.onclick = () => pick(layer, head);
    cell.onkeydown = (event) => walkGrid(event, cells, heads, number, () => cell.click());
    cell.onfocus = () => stopAt(cells, cell);
  });
  return cells;
}

/** Mark the cell that is selected, and let the Tab key stop there. */
function selectCell(cells, number) {
  cells.forEach((cell, each) => cell.setAttribute("aria-selected", String(each === number)));
  stopAt(cells, cells[number]);
}

function newRows(layers, heads, newMark) {
  const numbers = (count) => Array.from({ length: count }, (_, index) => index + 1);
  const row = (...parts) => {
    const made = partWithRole("row", "row");
    made.append(...parts);
    return made;
  };
  const newCell = () => {
    const cell = partWithRole("gridcell", "cell");
    cell.append(newMark());
    return cell;
  };
  return [
    row(partWithRole("presentation", "corner"), ...numbers(heads).map((head) => titled(partWithRole("columnheader", "title head"), head))),
    ...numbers(layers).map((layer) => row(titled(partWithRole("rowheader", "title layer"), layer), ...numbers(heads).map(newCell))),
  ];
}

