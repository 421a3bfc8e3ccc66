// Cards in an order that the reader changes: by dragging, by arrow keys on a card's letter, or by its two buttons.
const underWay = new WeakMap(); // each list and the orders it has sent that Python has not answered yet

export default function ({ data, parentElement, setTriggerValue }) {
  const [sorter, list, status] = [".sorter", ".cards", ".status"].map((name) => parentElement.querySelector(name));
  const { cards, labels, fixed } = data;
  sorter.classList.toggle("fixed", fixed);
  parentElement.querySelector(".hint").textContent = labels.hint;

  // Rebuilt only for other cards: what has the keyboard's focus, or hangs on a finger, outlives a run.
  const identity = JSON.stringify(cards);
  if (list.dataset.cards !== identity) {
    list.dataset.cards = identity;
    list.replaceChildren(...cards.map(newCard));
    underWay.set(list, []);
  }
  const orderNow = () => [...list.children].map((card) => Number(card.dataset.number));

  // An answer to an earlier move must not undo a later one.
  const sent = underWay.get(list);
  sent.splice(0, sent.indexOf(data.order.join()) + 1);
  if (!sent.length && !list.querySelector(".dragged")) arrange(data.order);
  name();

  function arrange(order) {
    if (orderNow().join() === order.join()) return;
    const focused = list.getRootNode().activeElement;
    const byNumber = new Map([...list.children].map((card) => [Number(card.dataset.number), card]));
    list.append(...order.map((number) => byNumber.get(number)));
    if (list.contains(focused)) focused.focus();
  }

  function fill(template, card, place) {
    const [letter, text] = cards[Number(card.dataset.number)];
    const fields = { card: letter, place: place + 1, count: cards.length, text };
    return template.replace(/\{(\w+)\}/g, (_whole, field) => String(fields[field]));
  }

  function name() {
    [...list.children].forEach((card, place) => {
      const [handle, up, down] = card.querySelectorAll("button");
      handle.setAttribute("aria-label", fill(labels.card, card, place));
      handle.setAttribute("aria-disabled", String(fixed));
      for (const [button, label, isLast] of [[up, labels.up, place === 0], [down, labels.down, place === cards.length - 1]]) {
        button.setAttribute("aria-label", fill(label, card, place));
        button.title = fill(label, card, place);
        button.setAttribute("aria-disabled", String(isLast));
      }
    });
  }

  function tell(card) {
    name();
    const order = orderNow();
    status.textContent = fill(labels.moved, card, order.indexOf(Number(card.dataset.number)));
    sent.push(order.join());
    setTriggerValue("order", order);
  }

  /** Move a card by some places. Its neighbours are what moves in the document, so that it keeps the focus. */
  function move(card, steps) {
    const before = orderNow().join();
    for (let step = 0; step < Math.abs(steps); step += 1) {
      if (steps < 0 && card.previousElementSibling) list.insertBefore(card.previousElementSibling, card.nextElementSibling);
      if (steps > 0 && card.nextElementSibling) list.insertBefore(card.nextElementSibling, card);
    }
    if (orderNow().join() !== before) tell(card);
  }

  function drag(card, start) {
    const before = orderNow();
    const grabbed = start.clientY - card.getBoundingClientRect().top;
    const end = (keep) => {
      card.onpointermove = card.onpointerup = card.onpointercancel = null;
      card.classList.remove("dragged");
      card.style.transform = "";
      if (!keep) arrange(before);
      else if (orderNow().join() !== before.join()) tell(card);
    };
    card.setPointerCapture(start.pointerId);
    card.classList.add("dragged");
    card.onpointermove = (event) => {
      const top = event.clientY - grabbed - list.getBoundingClientRect().top;
      const middle = (other) => other.offsetTop + other.offsetHeight / 2;
      const [above, below] = [() => card.previousElementSibling, () => card.nextElementSibling];
      while (above() && top < middle(above())) list.insertBefore(above(), below());
      while (below() && top + card.offsetHeight > middle(below())) list.insertBefore(below(), card);
      card.style.transform = `translateY(${top - card.offsetTop}px)`;
    };
    card.onpointerup = () => end(true);
    card.onpointercancel = () => end(false);
  }

  for (const card of list.children) {
    const [handle, up, down] = card.querySelectorAll("button");
    up.onclick = () => { if (!fixed) move(card, -1); };
    down.onclick = () => { if (!fixed) move(card, 1); };
    handle.onkeydown = (event) => {
      const steps = { ArrowUp: -1, ArrowDown: 1, Home: -cards.length, End: cards.length }[event.key];
      if (steps === undefined || fixed) return;
      event.preventDefault();
      move(card, steps);
    };
    card.onpointerdown = (event) => {
      const isHandle = event.target.closest(".handle") !== null;
      // A finger on the text scrolls the page; on the letter it drags.
      if (fixed || event.button !== 0 || event.target.closest(".move") || (event.pointerType !== "mouse" && !isHandle)) return;
      event.preventDefault();
      handle.focus({ preventScroll: true });
      drag(card, event);
    };
  }
}

function newCard([letter, text], number) {
  const card = document.createElement("li");
  card.className = "card";
  card.dataset.number = number;
  const button = (className, content) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = content;
    return made;
  };
  const words = document.createElement("span");
  words.className = "text";
  words.dir = "auto";
  words.textContent = text;
  const buttons = document.createElement("span");
  buttons.className = "buttons";
  buttons.append(button("move", "↑"), button("move", "↓"));
  buttons.childNodes.forEach((each) => { each.tabIndex = -1; }); // the letter is the keyboard's place
  card.append(button("handle", letter), words, buttons);
  return card;
}
