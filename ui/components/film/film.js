// A film of a training: drag along the loss curve, and the heads and the answers of that moment appear.
const PAUSE = 450; // milliseconds from one frame to the next
const SETTLED = 350; // milliseconds after the last key until Python hears of it
const UNANSWERED = 3000; // milliseconds after which Python's word counts again
const PLAY = "M8 5v14l11-7z", STILL = "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z", NEXT = "M7 5v14l8-7zM16 5h2v14h-2z";
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const players = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const player = players.get(parentElement) ?? newPlayer(parentElement);
  players.set(parentElement, player);
  player.update(data, (look) => setTriggerValue("look", look));
  return () => { player.close(); players.delete(parentElement); };
}

function newPlayer(root) {
  const find = (selector) => root.querySelector(selector);
  const at = { frame: 0, layer: 0, head: 0, query: null, key: null };
  let [data, reel, send, playing, later, sent, grid] = [null, null, null, null, null, null, null];
  const curve = newCurve(find(".curve"), (frame, isDone) => {
    stop();
    go(frame, isDone);
  });
  const lines = newLines(find(".one"));
  const words = newWords(find(".words"));
  const said = newBlocks(find(".said"));

  const last = () => reel.steps.length - 1;
  const squares = () => reel.size * reel.size;
  const levels = (head) => {
    const from = (at.frame * reel.layers * reel.heads + head) * squares();
    return reel.attentions.subarray(from, from + squares());
  };
  const top = () => (reel.bytes === 2 ? 65535 : 255);
  const probs = () => Float32Array.from(levels(at.layer * reel.heads + at.head), (level) => level / top());
  const picture = (head) => (reel.bytes === 2 ? Uint8Array.from(levels(head), (level) => level / 257 + 0.5) : levels(head));

  /** Python hears where the reader is, once the reader has settled. */
  function report(wait) {
    clearTimeout(later);
    later = setTimeout(() => {
      later = null;
      const step = data.isActive && at.frame === last() ? null : reel.steps[at.frame];
      const look = { ...at, step };
      delete look.frame;
      sent = { look: JSON.stringify(look), until: Date.now() + UNANSWERED };
      send(look);
    }, wait);
  }

  function go(frame, isDone) {
    at.frame = frame;
    show();
    if (isDone) report(SETTLED);
  }

  /** The moment of the handle, in all that is drawn. */
  function show() {
    const step = reel.steps[at.frame];
    curve.set(at.frame);
    grid.paint();
    (data.view === "words" ? words : lines).show(probs());
    said.show([
      ...reel.answers[at.frame].map((gap, place) => gap.map(([piece, share]) => [piece, share, piece === reel.answers[0][place][0][0]])),
      ...(data.names.length ? [data.names.map((name, place) => [name, reel.shares[at.frame][place], false])] : []),
    ]);
    const fill = (template, fields) => template.replace(/\{(\w+)\}/g, (_, name) => fields[name]);
    const fields = { step: step.toLocaleString("en"), total: data.curve.total.toLocaleString("en"), tokens: reel.read[at.frame].toLocaleString("en") };
    find(".clock b").textContent = fill(data.labels.step, fields);
    find(".clock span").textContent = fill(data.labels.read, fields);
    find(".losses").replaceChildren(...data.curve.lines.map(({ kind, name, points }) => {
      const before = points.filter(([measured]) => measured <= step);
      const item = part("span", `key-of ${kind}`);
      const value = before.length ? before[before.length - 1][1].toFixed(3) : "\u2013";
      item.append(part("i", "sign"), `${name} `, part("b", "", value));
      return item;
    }));
    find(".handle").setAttribute("aria-valuetext", [find(".clock b"), ...find(".losses").children].map((each) => each.textContent).join(", "));
  }

  function stop() {
    clearTimeout(playing);
    playing = null;
    dress();
  }

  function dress() {
    const [name, path] = playing ? ["pause", STILL] : calm.matches ? ["next", NEXT] : ["play", PLAY];
    find(".play span").textContent = data.labels[name];
    find(".play path").setAttribute("d", path);
  }

  function tick() {
    go(at.frame + 1, false);
    if (at.frame < last()) playing = setTimeout(tick, PAUSE);
    else {
      stop();
      report(0);
    }
  }

  find(".play").onclick = () => {
    if (!reel) return;
    if (playing) {
      stop();
      report(0);
    } else if (calm.matches) go(at.frame < last() ? at.frame + 1 : 0, true);
    else {
      if (at.frame === last()) go(0, false);
      playing = setTimeout(tick, PAUSE);
      dress();
    }
  };
  const onCalm = () => { if (data) stop(); };
  calm.addEventListener("change", onCalm);

  function one() {
    find(".one .caption").textContent = data.labels.one.replace("{layer}", at.layer + 1).replace("{head}", at.head + 1);
    const isWords = data.view === "words";
    find(".view").hidden = isWords;
    find(".words").hidden = !isWords;
    const shown = { tokens: reel.tokens, kinds: reel.kinds, query: at.query, key: at.key, labels: { ...data.labels.lines, view: find(".one .caption").textContent } };
    (isWords ? words : lines).update(shown, probs(), (query, key) => {
      [at.query, at.key] = [query, key];
      one();
      report(0);
    });
  }

  function draw(wasLast) {
    const isMine = sent !== null && Date.now() < sent.until;
    const asked = JSON.stringify({ layer: data.layer, head: data.head, query: data.query, key: data.key, step: data.step });
    if (isMine && asked === sent.look) sent = null;
    const isBusy = playing || curve.isHeld() || later !== null || (isMine && sent !== null);
    if (!isBusy) {
      Object.assign(at, { layer: data.layer, head: data.head, query: data.query, key: data.key });
      const before = reel.steps.filter((step) => step <= data.step).length - 1;
      at.frame = data.step === null ? last() : Math.max(0, before);
    } else if (wasLast && !curve.isHeld() && !playing) at.frame = last();
    at.frame = Math.min(at.frame, last());
    [at.layer, at.head] = [Math.min(at.layer, reel.layers - 1), Math.min(at.head, reel.heads - 1)];
    if (at.query >= reel.size) at.query = null;
    if (at.key >= reel.size) at.key = null;

    curve.update(data.curve, reel.steps, at.frame);
    find(".all .caption").textContent = data.labels.all;
    const shape = { layers: reel.layers, heads: reel.heads, side: reel.size, layer: at.layer, head: at.head, labels: data.labels.grid };
    grid = headGrid(find(".grid"), shape, picture, (layer, head) => {
      [at.layer, at.head] = [layer, head];
      one();
      report(0);
    });
    said.update([
      ...reel.answers[0].map((gap, place) => ({ title: data.labels.gaps[place], note: data.labels.marked, marked: gap[0][0], count: gap.length })),
      ...(data.names.length ? [{ title: data.labels.labels, note: "", count: data.names.length }] : []),
    ]);
    one();
    show();
    dress();
  }

  function load() {
    const found = window.glassboxReels?.get(data.reel);
    if (!found || found.stamp !== data.stamp) return;
    const wasLast = reel !== null && at.frame === last();
    reel = found;
    find(".film").setAttribute("aria-label", data.labels.film);
    find(".film").classList.add("ready");
    draw(wasLast);
  }

  const listening = new AbortController();
  document.addEventListener("glassbox-reel", ({ detail }) => { if (detail === data?.reel) load(); }, { signal: listening.signal });
  return {
    update(next, tell) {
      const hasEnded = data !== null && data.isActive && !next.isActive && data.step === null;
      [data, send] = [next, tell];
      load();
      if (hasEnded && reel) {
        go(last(), false);
        report(0);
      }
    },
    close() {
      clearTimeout(playing);
      clearTimeout(later);
      curve.close();
      lines.close();
      listening.abort();
      calm.removeEventListener("change", onCalm);
    },
  };
}
