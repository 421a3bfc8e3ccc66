// A matrix of numbers: each cell can be pointed at, and picked or changed where the lesson allows it.
const LONGEST_NAME = 14; // characters of a title; all of it appears when it is pointed at
const MINUS = "\u2212";
const listening = new WeakMap(); // each grid and the end of its listeners, which every run replaces

export default function ({ data, parentElement, setTriggerValue }) {
  const find = (selector) => parentElement.querySelector(selector);
  const [frame, grid, status] = [find(".matrix"), find(".grid"), find(".status")];
  const [rows, columns] = [data.rows.length, data.columns.length];
  const values = new Float32Array(Uint8Array.from(atob(data.values), (char) => char.charCodeAt(0)).buffer);

  frame.classList.toggle("small", !data.numbers);
  frame.classList.toggle("dense", columns > 24);
  frame.classList.toggle("pickable", data.pickable);
  frame.classList.toggle("editable", data.editable);
  frame.classList.toggle("worded", data.texts !== null);
  grid.setAttribute("aria-label", data.labels.name);
  grid.style.setProperty("--columns", columns);
  if (data.numbers) grid.style.removeProperty("--cell");
  else grid.style.setProperty("--cell", `${Math.max(0.4, Math.min(1.8, 25 / columns))}rem`);
  find(".axis.column").textContent = data.labels.column;
  find(".axis.column").className = `axis column ${data.tones.column ?? ""}`;

  // Rebuilt only when the shape changes: cells, and the keyboard's place among them, outlive new numbers.
  const shape = `${rows}x${columns}+${data.asides.length}`;
  if (grid.dataset.shape !== shape) {
    grid.dataset.shape = shape;
    grid.replaceChildren(...newRows(rows, columns, data.asides.length));
    if (data.asides.length) grid.style.setProperty("--asides", "auto ".repeat(data.asides.length).trim());
    else grid.style.removeProperty("--asides");
  }
  fillAsides(grid, data);
  fillTitles(grid, data);
  const cells = [...grid.querySelectorAll(".cell")];
  const isHidden = new Set(data.hidden);
  const isChanged = new Set(data.changed);
  const picked = data.picked === null ? null : data.picked[0] * columns + data.picked[1];
  const shade = shader(grid, data.scale);

  cells.forEach((cell, place) => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    const [hidden, empty] = [isHidden.has(place), Number.isNaN(values[place])];
    const shown = hidden ? "?" : digits(values[place], data.digits);
    const text = data.texts === null ? "" : data.texts[place];
    if (data.texts === null) cell.textContent = data.numbers ? shown : "";
    else cell.replaceChildren(line("text", text), line("number", shown));
    cell.title = text;
    cell.setAttribute("aria-label", `${data.rows[row]}, ${data.columns[column]}: ${`${text} ${shown}`.trim()}`);
    cell.setAttribute("aria-selected", String(place === picked));
    cell.className = "cell";
    cell.classList.toggle("lit-row", row === data.lit.row);
    cell.classList.toggle("lit-column", column === data.lit.column);
    cell.classList.toggle("changed", isChanged.has(place));
    cell.classList.toggle("empty", empty);
    if (hidden || empty) [cell.style.background, cell.style.color] = ["none", ""];
    else shade(cell, data.scale === "sequential" ? values[place] / data.bound : 0.5 + values[place] / (2 * data.bound));
  });
  const tone = data.lit.tone === null ? "var(--st-primary-color)" : `var(--lg-${data.lit.tone})`;
  grid.style.setProperty("--tone", tone);
  if (!cells.some((cell) => cell.tabIndex === 0)) cells[picked ?? 0].tabIndex = 0;

  const placeOf = (event) => cells.indexOf(event.target.closest(".cell"));
  const tell = (place) => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    const value = isHidden.has(place) ? "?" : digits(values[place], data.digits + 2);
    const text = data.texts === null ? "" : `${data.texts[place]} `;
    status.textContent = `${data.rows[row]} · ${data.columns[column]}: ${text}${value}`;
  };
  const use = (place) => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    if (Number.isNaN(values[place])) return;
    if (data.editable) edit(place, row, column);
    else if (data.pickable) {
      cells.forEach((cell, each) => cell.setAttribute("aria-selected", String(each === place))); // at once
      setTriggerValue("pick", { row, column });
    }
  };
  const edit = (place, row, column) => {
    const input = document.createElement("input");
    input.value = String(Number(values[place].toPrecision(6)));
    input.inputMode = "decimal";
    input.setAttribute("aria-label", cells[place].getAttribute("aria-label"));
    cells[place].append(input);
    input.select();
    const close = (keep) => {
      if (!input.isConnected) return;
      const number = Number(input.value.trim().replace(",", ".").replace(MINUS, "-"));
      const isNumber = input.value.trim() !== "" && Number.isFinite(number);
      input.onblur = null;
      input.remove();
      cells[place].focus();
      if (keep && isNumber && number !== values[place]) setTriggerValue("edit", { row, column, value: number });
    };
    input.onblur = () => close(true);
    input.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") close(false);
    };
  };

  listening.get(grid)?.abort();
  listening.set(grid, new AbortController());
  const on = (type, answer) => grid.addEventListener(type, answer, { signal: listening.get(grid).signal });

  const point = (row, column) => tellPointed(data.group, grid, row, column);
  hearPointed(() => data.group, grid, (row, column) => {
    const both = row !== null && column !== null;
    cells.forEach((cell, place) => {
      const [inRow, inColumn] = [Math.floor(place / columns) === row, place % columns === column];
      cell.classList.toggle("pointed", both ? inRow && inColumn : inRow || inColumn);
    });
  }, listening.get(grid).signal);

  on("click", (event) => { if (event.target.closest(".cell") && !event.target.matches("input")) use(placeOf(event)); });
  on("pointerover", (event) => {
    const place = placeOf(event);
    if (place < 0) return;
    tell(place);
    point(Math.floor(place / columns), place % columns);
  });
  on("pointerleave", () => {
    status.textContent = "";
    point(null, null);
  });
  on("focusin", (event) => {
    const place = placeOf(event);
    if (place < 0) return;
    stopAt(cells, cells[place]);
    if (event.target.matches(":focus-visible")) tell(place);
  });
  on("keydown", (event) => {
    const place = placeOf(event);
    if (place < 0) return;
    walkGrid(event, cells, columns, place, () => use(place));
  });
  return () => listening.get(grid)?.abort();
}

function newRows(rows, columns, asides) {
  const first = partWithRole("row", "row");
  first.append(partWithRole("presentation", "title row-title"));
  for (let column = 0; column < columns; column += 1) first.append(partWithRole("columnheader", "title column"));
  for (let aside = 0; aside < asides; aside += 1) first.append(partWithRole("columnheader", "title aside-title"));
  const made = [first];
  for (let row = 0; row < rows; row += 1) {
    const line = partWithRole("row", "row");
    line.append(partWithRole("rowheader", "title side"));
    for (let column = 0; column < columns; column += 1) {
      const cell = partWithRole("gridcell", "cell");
      cell.tabIndex = -1;
      line.append(cell);
    }
    for (let aside = 0; aside < asides; aside += 1) line.append(partWithRole("gridcell", "aside"));
    made.push(line);
  }
  return made;
}

function fillTitles(grid, data) {
  const corner = grid.querySelector(".row-title");
  corner.textContent = data.labels.row;
  corner.className = `title row-title ${data.tones.row ?? ""}`;
  for (const [selector, names, kinds] of [
    [".title.side", data.rows, data.rowKinds], [".title.column", data.columns, data.columnKinds],
  ]) {
    const every = names.length > 24 ? Math.ceil(names.length / 16) : 1; // of more there is room for some
    grid.querySelectorAll(selector).forEach((title, index) => {
      title.textContent = selector === ".title.side" || index % every === 0 ? short(names[index]) : "";
      title.title = names[index];
      title.classList.toggle("special", kinds[index] === "special");
      title.classList.toggle("masked", kinds[index] === "masked");
    });
  }
}

function fillAsides(grid, data) {
  const titles = [...grid.querySelectorAll(".aside-title")];
  const texts = [...grid.querySelectorAll(".aside")];
  data.asides.forEach((aside, place) => {
    titles[place].textContent = aside.title;
    aside.values.forEach((value, row) => { texts[row * data.asides.length + place].textContent = value; });
  });
}

function line(className, text) {
  const made = part("span", className, text);
  made.dir = "auto";
  return made;
}

function short(name) {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

/** A number with so many digits after the point; a huge one as a power of ten, none as a dash. */
function digits(value, count) {
  if (Number.isNaN(value)) return "\u2013";
  const text = Math.abs(value) >= 1e5 ? value.toExponential(0).replace("e+", "e") : value.toFixed(count);
  return text.replace(/^-(0\.?0*)$/, "$1").replace("-", MINUS);
}
