// The loss over the steps, and on it the handle that is dragged from frame to frame.
const SVG = "http://www.w3.org/2000/svg";
const AROUND = { left: 46, right: 18, top: 26, bottom: 34 }; // pixels
const FAR = 5; // frames that a page key goes

/** The curve in an element with a chart and a handle; `go` hears of each frame that is asked for, and whether it is let go. */
function newCurve(root, go) {
  const [chart, handle] = [root.querySelector(".chart"), root.querySelector(".handle")];
  let [data, steps, frame, isHeld] = [null, [], 0, false];

  // The beginning, where most happens, gets most of the room: equal factors of (1 + step) at equal distances.
  const share = (step) => Math.log1p(step) / Math.log1p(Math.max(1, data.total));
  const width = () => root.clientWidth - AROUND.left - AROUND.right;
  const height = () => root.clientHeight - AROUND.top - AROUND.bottom;
  const x = (step) => AROUND.left + width() * Math.min(1, share(step));
  const y = (loss) => AROUND.top + height() * (1 - loss / data.highest);

  function draw() {
    if (!data || width() <= 0) return;
    const parts = [];
    for (const loss of ticks(data.highest, 4)) {
      parts.push(shape("line", "rule", { x1: AROUND.left, x2: AROUND.left + width(), y1: y(loss), y2: y(loss) }));
      parts.push(label(number(loss), AROUND.left - 8, y(loss) + 4, "end"));
    }
    let free = -Infinity;
    for (const step of stepTicks(data.total)) {
      if (x(step) - free < 34 || (step !== data.total && x(data.total) - x(step) < 38)) continue;
      parts.push(label(step.toLocaleString("en"), x(step), AROUND.top + height() + 26, "middle"));
      free = x(step);
    }
    for (const step of steps) {
      const base = AROUND.top + height();
      parts.push(shape("line", "frame", { x1: x(step), x2: x(step), y1: base, y2: base + 7 }));
    }
    for (const { kind, points } of data.lines) {
      const path = points.map(([step, loss], index) => `${index ? "L" : "M"}${x(step).toFixed(1)} ${y(loss).toFixed(1)}`);
      parts.push(shape("path", `loss ${kind}`, { d: path.join("") }));
      if (points.length < 60) {
        for (const [step, loss] of kind === "held-out" || points.length === 1 ? points : []) {
          parts.push(shape("circle", `dot ${kind}`, { cx: x(step), cy: y(loss), r: 3.5 }));
        }
      }
    }
    parts.push(label(data.labels.loss, 0, 12, "start"));
    parts.push(shape("line", "now", { y1: AROUND.top - 6, y2: AROUND.top + height() + 7 }));
    chart.replaceChildren(...parts);
    place();
  }

  function place() {
    if (!data || !steps.length) return;
    const at = x(steps[frame]);
    handle.style.left = `${at}px`;
    const now = chart.querySelector(".now");
    now?.setAttribute("x1", at);
    now?.setAttribute("x2", at);
    handle.setAttribute("aria-valuemax", String(steps.length - 1));
    handle.setAttribute("aria-valuenow", String(frame));
  }

  function nearest(event) {
    const at = event.clientX - root.getBoundingClientRect().left;
    const away = steps.map((step) => Math.abs(x(step) - at));
    return away.indexOf(Math.min(...away));
  }

  root.onpointerdown = (event) => {
    if (event.button !== 0 || !steps.length) return;
    isHeld = true;
    root.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    go(nearest(event), false);
    event.preventDefault();
  };
  root.onpointermove = (event) => { if (isHeld && nearest(event) !== frame) go(nearest(event), false); };
  root.onpointerup = root.onpointercancel = () => {
    if (!isHeld) return;
    isHeld = false;
    go(frame, true);
  };
  handle.onkeydown = (event) => {
    const to = {
      ArrowRight: frame + 1, ArrowUp: frame + 1, ArrowLeft: frame - 1, ArrowDown: frame - 1,
      PageUp: frame + FAR, PageDown: frame - FAR, Home: 0, End: steps.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(Math.max(0, Math.min(steps.length - 1, to)), true);
  };

  const observer = new ResizeObserver(draw);
  observer.observe(root);
  return {
    isHeld: () => isHeld,
    close: () => observer.disconnect(),
    set(next) {
      frame = next;
      place();
    },
    update(next, nextSteps, nextFrame) {
      [data, steps, frame] = [next, nextSteps, nextFrame];
      handle.setAttribute("aria-label", data.labels.handle);
      handle.setAttribute("aria-valuemin", "0");
      draw();
    },
  };
}

function shape(tag, className, attributes) {
  const made = document.createElementNS(SVG, tag);
  made.setAttribute("class", className);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
}

function label(text, x, y, anchor) {
  const made = shape("text", "label", { x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}

/** Round numbers from 0 to the highest, about as many as asked for. */
function ticks(highest, count) {
  const rough = highest / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((each) => each * power >= 0.8 * rough);
  return Array.from({ length: Math.floor(highest / step + 1e-9) + 1 }, (_, place) => place * step);
}

function stepTicks(total) {
  const powers = [];
  for (let power = 1; power < total; power *= 10) powers.push(power, ...(3 * power < total ? [3 * power] : []));
  return [0, ...powers, total];
}

function number(value) {
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}

