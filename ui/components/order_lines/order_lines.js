// Three orders of the same sentences; the lines between two of them cross once for each pair that is turned round.
const SVG = "http://www.w3.org/2000/svg";

export default function ({ data, parentElement }) {
  const box = parentElement.querySelector(".orders");
  const { sentences, letters, columns } = data;
  const made = (tag, className, ...content) => {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...content);
    return element;
  };
  const at = (element, column, row) => {
    element.style.gridColumn = String(column);
    element.style.gridRow = String(row);
    return element;
  };

  const lists = columns.map(({ title, note, order }, column) => {
    const isMiddle = column === 1;
    const list = made("ol", isMiddle ? "told" : "side", ...order.map((sentence, place) => {
      const item = made("li", sentence === place && !isMiddle ? "kept" : "", made("span", "letter", letters[sentence]));
      const text = made("span", "text", sentences[sentence]);
      text.dir = "auto";
      if (isMiddle) item.append(text);
      item.dataset.sentence = sentence;
      return item;
    }));
    list.setAttribute("aria-label", `${title} ${note}`);
    const head = made("div", "head", made("b", "", title), made("span", "", note));
    return [at(head, 2 * column + 1, 1), at(list, 2 * column + 1, 2)];
  });

  const lines = [columns[0], columns[2]].map(({ order }, side) => {
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("viewBox", `0 0 2 ${order.length}`);
    drawing.setAttribute("preserveAspectRatio", "none");
    drawing.setAttribute("aria-hidden", "true");
    order.forEach((sentence, place) => {
      const [left, right] = side === 0 ? [place, sentence] : [sentence, place];
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", `M 0 ${left + 0.5} L 2 ${right + 0.5}`);
      path.setAttribute("class", left === right ? "kept" : "");
      path.dataset.sentence = sentence;
      drawing.append(path);
    });
    return at(drawing, 2 * side + 2, 2);
  });
  box.replaceChildren(...lists.flat(), ...lines);

  const point = (sentence) => {
    box.classList.toggle("pointing", sentence !== undefined);
    box.querySelectorAll("[data-sentence]").forEach((each) => {
      each.classList.toggle("pointed", each.dataset.sentence === sentence);
    });
  };
  box.onpointerover = (event) => point(event.target.closest("[data-sentence]")?.dataset.sentence);
  box.onpointerleave = () => point(undefined);
}
