// One head word by word: a cell for each two tokens, coloured on the fixed scale, to point at and to pick.

/** The matrix in an element with a table and a line that tells; `pick` hears of a click. */
function newWords(root) {
  const [table, told] = [root.querySelector(".table"), root.querySelector(".told")];
  let [data, probs, palette, cells, pointed, pick] = [null, null, null, [], null, null];
  const size = () => data.tokens.length;

  function tell() {
    if (pointed === null) return;
    const [query, key] = [Math.floor(pointed / size()), pointed % size()];
    told.textContent = `${data.tokens[query]} → ${data.tokens[key]}: ${percentOf(probs[pointed])}`;
  }

  function paint() {
    cells.forEach((cell, place) => {
      const [red, green, blue] = palette[Math.round(255 * Math.max(0, Math.min(1, probs[place])))];
      cell.style.background = `rgb(${red}, ${green}, ${blue})`;
    });
    tell();
  }

  function select() {
    const chosen = data.query === null || data.key === null ? null : data.query * size() + data.key;
    cells.forEach((cell, place) => {
      cell.setAttribute("aria-selected", String(place === chosen));
    });
    stopAt(cells, cells[chosen ?? 0]);
  }

  function build() {
    const titled = (role, className, index) => {
      const made = partWithRole(role, `${className} ${data.kinds[index]}`, data.tokens[index]);
      made.title = data.tokens[index];
      return made;
    };
    const row = (...parts) => {
      const made = partWithRole("row", "line");
      made.append(...parts);
      return made;
    };
    const places = [...data.tokens.keys()];
    table.replaceChildren(
      row(partWithRole("presentation", ""), ...places.map((key) => titled("columnheader", "above", key))),
      ...places.map((query) => row(titled("rowheader", "beside", query), ...places.map((key) => {
        const cell = partWithRole("gridcell", "square");
        cell.setAttribute("aria-label", `${data.tokens[query]} → ${data.tokens[key]}`);
        return cell;
      }))),
    );
    table.style.setProperty("--columns", size());
    cells = [...table.querySelectorAll(".square")];
    cells.forEach((cell, place) => {
      cell.onpointerenter = () => { pointed = place; tell(); };
      cell.onclick = () => pick(Math.floor(place / size()), place % size());
      cell.onfocus = () => {
        stopAt(cells, cell);
        if (cell.matches(":focus-visible")) { pointed = place; tell(); }
      };
      cell.onkeydown = (event) => walkGrid(event, cells, size(), place, () => cell.click());
    });
    table.onpointerleave = () => { pointed = null; told.textContent = ""; };
  }

  return {
    show(values) {
      probs = values;
      paint();
    },
    update(next, values, send) {
      const isNew = data === null || next.tokens.join("\n") !== data.tokens.join("\n");
      [data, probs, pick] = [next, values, send];
      palette = shades(table, "sequential", 256);
      table.setAttribute("aria-label", data.labels.view);
      root.querySelector(".row-axis").textContent = `${data.labels.query} ↓`;
      root.querySelector(".column-axis").textContent = `${data.labels.key} →`;
      if (isNew) {
        pointed = null;
        told.textContent = "";
        build();
      }
      select();
      paint();
    },
  };
}

