// From Streamlit's calls to one view for each place of the page that shows a component. No DOM of its own.

/** What Python said last: Streamlit may call with earlier data after later, when the browser is busy at the start. */
export function latest(data, known) {
  return known && known.session === data.session && known.turn > data.turn ? known : data;
}

/**
 * What a component gives to Streamlit. `make(root)` gives a view of the element that `selector` finds, made
 * once and kept while the element stays: `update(data)` and `dispose()`; its `post` sends the log to Python.
 */
export function mounting(selector, make) {
  const views = new WeakMap(), newest = new WeakMap();
  return ({ data: given, parentElement, setStateValue }) => {
    const data = latest(given, newest.get(parentElement));
    newest.set(parentElement, data);
    const root = parentElement.querySelector(selector);
    let view = views.get(parentElement);
    if (!view || view.root !== root) {
      view?.dispose();
      view = make(root);
      views.set(parentElement, view);
    }
    view.post = (sent) => setStateValue("ops", sent);
    view.update(data);
    return () => { view.dispose(); views.delete(parentElement); };
  };
}
