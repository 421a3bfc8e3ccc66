// What a model says at one moment: bars for the answers to each gap, and for the labels, always from 0 to 1.

/** Blocks of bars: {title, note, marked} each, the note with a mark of its colour at its end; `show` gives them rows of [name, share, isMarked]. */
function newBlocks(root) {
  let rows = [];
  return {
    update(blocks) {
      root.replaceChildren(...blocks.map(({ title, note, marked, count }) => {
        const block = part("section", "block");
        const list = part("ul", "bars");
        list.setAttribute("aria-label", title);
        list.append(...Array.from({ length: count }, newBar));
        block.append(part("p", "caption", title), list);
        if (note) {
          const line = part("p", "note", `${note} `);
          line.append(part("b", "mark", marked));
          block.append(line);
        }
        return block;
      }));
      rows = [...root.querySelectorAll(".bars")].map((list) => [...list.children]);
    },
    show(blocks) {
      blocks.forEach((bars, block) => bars.forEach(([name, share, isMarked], place) => {
        const row = rows[block][place];
        const [text, track, value] = row.children;
        text.textContent = name;
        text.title = name;
        track.firstChild.style.width = `${100 * share}%`;
        value.textContent = percentOf(share);
        row.classList.toggle("marked", isMarked);
      }));
    },
  };
}

function newBar() {
  const row = part("li", "bar");
  const track = part("span", "track");
  track.append(part("i", "fill"));
  const name = part("span", "name");
  name.dir = "auto";
  row.append(name, track, part("span", "value"));
  return row;
}

