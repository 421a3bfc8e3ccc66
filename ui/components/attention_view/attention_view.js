// Who looks at whom in one head, with what is pinned sent to Python.
const views = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const view = views.get(parentElement) ?? newLines(parentElement);
  views.set(parentElement, view);
  const probs = new Float32Array(Uint8Array.from(atob(data.probs), (char) => char.charCodeAt(0)).buffer);
  view.update(data, probs, (query, key) => setTriggerValue("pick", { query, key }));
  return () => { view.close(); views.delete(parentElement); };
}
