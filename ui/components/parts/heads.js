// Heads as small pictures of their attention, one of them selected.
const SHADES = 256;

/** Fill a grid; cells and keyboard focus outlive new pictures. `picture` gives the levels of a head, `pick` hears of a click. */
function headGrid(grid, data, picture, pick) {
  const palette = shades(grid, "sequential", SHADES);
  const cells = headCells(grid, data, () => document.createElement("canvas"), () => "", (layer, head) => {
    select(layer * data.heads + head); // at once; Python's answer follows
    pick(layer, head);
  });
  const paint = () => cells.forEach((cell, number) => paintHead(cell.firstChild, picture(number), data.side, palette));
  const select = (number) => selectCell(cells, number);
  paint();
  select(data.layer * data.heads + data.head);
  return { paint, select };
}

function paintHead(canvas, levels, side, palette) {
  [canvas.width, canvas.height] = [side, side];
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(side, side);
  levels.forEach((level, place) => image.data.set(palette[level], 4 * place));
  pen.putImageData(image, 0, 0);
}

