// What BertViz 1.4.1 asks of jQuery and require.js, and no more; d3 stands in the page before this.
window.$ = (what) => {
  const created = /^<(\w+) \/>$/.exec(what);
  const elements = created ? [document.createElement(created[1])] : [...document.querySelectorAll(what)];
  const each = (act) => (...values) => { elements.forEach((element) => act(element, ...values)); return wrapped; };
  const wrapped = {
    elements,
    append: each((element, other) => element.append(...other.elements)),
    empty: each((element) => element.replaceChildren()),
    val: each((element, value) => { element.value = value; }),
    // Only the menus of layers and heads have their text set this way: BertViz counts from 0, the app from 1.
    text: each((element, number) => { element.textContent = number + 1; }),
    attr: each((element, name, value) => element.setAttribute(name, value)),
    on: each((element, name, listener) => element.addEventListener(name, listener)),
    change: each((element) => element.dispatchEvent(new Event("change"))),
  };
  return wrapped;
};
window.requirejs = (names, run) => run(...names.map((name) => ({ jquery: window.$, d3: window.d3 })[name]));
window.require = { config() {} };

// BertViz draws in one width: a narrower place shows it smaller, as far as it can be read, and then scrolls.
const SMALLEST = 0.6;
const fit = () => {
  const main = document.querySelector("main");
  const { width } = main.dataset;
  main.style.minWidth = `${width}px`;
  main.style.zoom = Math.max(SMALLEST, Math.min(1, document.body.clientWidth / (Number(width) + 16)));
};
addEventListener("DOMContentLoaded", fit);
addEventListener("resize", fit);
