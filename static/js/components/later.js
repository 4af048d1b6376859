// A component that is fetched when it is first needed, with its styles and texts: the first load of the page stays small.

import { html, signal, useEffect } from "../../vendor/papo-vendor.js";
import { loadMoreTexts, t } from "../store/i18n.js";
import { line } from "../store/state.js";
import { showToast } from "../store/ui.js";

/** Loader → component, once all of it is here. */
const here = signal(new Map());
/** Loader → promise, while it is on its way. */
const coming = new Map();
/** Style sheets on their way or here: name → promise. */
const sheets = new Map();

function loadSheet(name) {
  if (sheets.has(name)) return sheets.get(name);
  const link = document.createElement("link");
  const loaded = new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      sheets.delete(name);
      reject(new Error(`styles of ${name}`));
    };
  });
  sheets.set(name, loaded);
  link.rel = "stylesheet";
  link.href = new URL(`../../css/${name}.css`, import.meta.url);
  document.head.append(link);
  return loaded;
}

function fetchAll(load, styles) {
  if (!coming.has(load)) {
    const all = Promise.all([load(), loadMoreTexts(), ...styles.map(loadSheet)]);
    coming.set(load, all.then(([module]) => { here.value = new Map(here.value).set(load, module.default); }).finally(() => coming.delete(load)));
  }
  return coming.get(load);
}

/**
 * `load` is `() => import(…)` of a module whose default export is the component, `styles` names its sheets; the other props go to it.
 * Until it is here `meanwhile` keeps its place. What someone waits for says with `onFail` that it did not come; anything else is tried
 * again with the next line.
 */
export function Later({ load, styles = [], meanwhile = null, onFail, ...props }) {
  const component = here.value.get(load);
  const up = line.value === "up";
  useEffect(() => {
    if (component) return;
    fetchAll(load, styles).catch(() => {
      if (!onFail) return;
      showToast(t("problem-network"));
      onFail();
    });
  }, [load, up]);
  return component ? html`<${component} ...${props} />` : meanwhile;
}
