// Who looks at whom: the tokens twice, and a line from each that looks to each that is looked at.
const FAINTEST = 0.02; // a line below this share is invisible in the overview; alone it is drawn from ALONE on
const ALONE = 0.002;
const ANNOUNCED = 3; // how many tokens the live region names

/** The view in an element that holds `attention_lines.html`. */
function newLines(root) {
  const find = (selector) => root.querySelector(selector);
  const [frame, canvas, live] = [find(".view"), find("canvas"), find(".live")];
  const sides = { query: find(".side.query"), key: find(".side.key") };
  const pinned = { query: null, key: null };
  let [data, probs, hover, report] = [null, null, null, null];

  const size = () => data.tokens.length;
  const prob = (query, key) => probs[query * size() + key];

  /** What is looked at alone: the hovered token, else the pinned one, else nothing. */
  function focus() {
    if (hover) return hover;
    if (pinned.query !== null) return { side: "query", index: pinned.query };
    if (pinned.key !== null) return { side: "key", index: pinned.key };
    return null;
  }

  function share(alone, index) {
    return alone.side === "query" ? prob(alone.index, index) : prob(index, alone.index);
  }

  function paint() {
    const alone = focus();
    for (const side of ["query", "key"]) {
      [...sides[side].children].forEach((token, index) => {
        const shared = alone !== null && alone.side !== side;
        token.classList.toggle("shared", shared);
        token.classList.toggle("looked", alone !== null && alone.side === side && alone.index === index);
        token.setAttribute("aria-pressed", String(pinned[side] === index));
        token.lastChild.textContent = shared ? percentOf(share(alone, index)) : "";
        token.style.setProperty("--share", shared ? `${100 * share(alone, index)}%` : "0%");
      });
    }
    draw(alone);
  }

  function draw(alone) {
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!width || !height) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const gradient = pen.createLinearGradient(0, 0, width, 0);
    gradient.addColorStop(0.1, getComputedStyle(find(".title.query")).color);
    gradient.addColorStop(0.9, getComputedStyle(find(".title.key")).color);
    pen.strokeStyle = gradient;
    pen.lineCap = "butt";
    const row = height / size();
    const thickest = Math.min(0.55 * row, 14);
    const link = hover === null && pinned.query !== null && pinned.key !== null; // one line is asked about
    const line = (query, key, emphasis) => {
      const value = prob(query, key);
      const asked = link && query === pinned.query && key === pinned.key;
      if (value < (emphasis ? ALONE : FAINTEST) && !asked) return;
      const [from, to] = [(query + 0.5) * row, (key + 0.5) * row];
      pen.globalAlpha = emphasis ? 0.35 + 0.6 * value : Math.min(1, 0.06 + 0.94 * value);
      if (link) pen.globalAlpha = asked ? 1 : 0.4 * pen.globalAlpha;
      pen.lineWidth = Math.max(asked ? 2 : 0.8, thickest * value);
      pen.beginPath();
      pen.moveTo(0, from);
      pen.bezierCurveTo(0.45 * width, from, 0.55 * width, to, width, to);
      pen.stroke();
    };
    for (let index = 0; index < size(); index += 1) {
      if (alone === null) for (let key = 0; key < size(); key += 1) line(index, key, false);
      else if (alone.side === "query") line(alone.index, index, true);
      else line(index, alone.index, true);
    }
  }

  function announce(alone) {
    const strongest = data.tokens
      .map((token, index) => ({ token, value: share(alone, index) }))
      .sort((a, b) => b.value - a.value)
      .slice(0, ANNOUNCED)
      .map(({ token, value }) => `${token} ${percentOf(value)}`);
    live.textContent = data.labels[`announce_${alone.side}`]
      .replace("{token}", () => data.tokens[alone.index])
      .replace("{others}", () => strongest.join(", "));
  }

  function pick(side, index) {
    pinned[side] = pinned[side] === index ? null : index;
    paint(); // at once; Python's answer follows
    report(pinned.query, pinned.key);
  }

  function fill(side) {
    const box = sides[side];
    box.setAttribute("aria-label", data.labels[side]);
    const tokens = keepButtons(box, size(), ["text", "share"]);
    if (!tokens.some((token) => token.tabIndex === 0) && tokens.length) tokens[0].tabIndex = 0;
    tokens.forEach((token, index) => {
      token.className = `token ${data.kinds[index]}`;
      token.title = data.tokens[index];
      token.firstChild.textContent = data.tokens[index];
      token.onclick = () => pick(side, index);
      token.onpointerenter = (event) => {
        if (event.pointerType === "touch") return;
        hover = { side, index };
        paint();
        point(side === "query" ? index : null, side === "key" ? index : null);
      };
      token.onfocus = () => {
        stopAt(tokens, token);
        if (!token.matches(":focus-visible")) return;
        hover = { side, index };
        paint();
        announce(hover);
      };
      token.onblur = () => { hover = null; paint(); };
      token.onkeydown = (event) => move(event, side, index);
    });
    box.onpointerleave = () => { hover = null; paint(); point(null, null); };
  }

  function move(event, side, index) {
    const across = { ArrowRight: "key", ArrowLeft: "query" }[event.key];
    if (event.key === "Escape" && (pinned.query !== null || pinned.key !== null)) {
      [pinned.query, pinned.key] = [null, null];
      paint();
      report(null, null);
      event.preventDefault();
    } else if (across) {
      sides[across].children[index].focus();
      event.preventDefault();
    } else walkRow(event, [...sides[side].children], index);
  }

  const observer = new ResizeObserver(() => { if (data) draw(focus()); });
  observer.observe(canvas);

  const point = (row, column) => tellPointed(data.group, root, row, column);
  const listening = new AbortController();
  hearPointed(() => data.group, root, (row, column) => {
    const [side, index] = row === null ? ["key", column] : ["query", row];
    hover = index === null || index >= size() ? null : { side, index };
    paint();
  }, listening.signal);

  return {
    close() {
      observer.disconnect();
      listening.abort();
    },
    /** Other probabilities for the same tokens. */
    show(values) {
      probs = values;
      paint();
    },
    update(next, values, send) {
      [data, probs, report] = [next, values, send];
      [pinned.query, pinned.key] = [data.query, data.key];
      if (hover && hover.index >= size()) hover = null;
      frame.setAttribute("aria-label", data.labels.view);
      frame.dataset.density = String([14, 26, 44].filter((limit) => size() > limit).length);
      for (const side of ["query", "key"]) {
        find(`.title.${side}`).textContent = data.labels[side];
        fill(side);
      }
      paint();
    },
  };
}

