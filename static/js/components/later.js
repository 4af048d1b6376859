// A component that is fetched when it is first needed, with its styles and texts: the first load of the page stays small.

import { html, signal, useEffect } from "../../vendor/papo-vendor.js";
import { loadMoreTexts, t } from "../store/i18n.js";
import { showToast } from "../store/ui.js";

/** Loader → component, once all of it is here. */
const here = signal(new Map());
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

async function fetchAll(load, styles, onFail) {
  try {
    const [module] = await Promise.all([load(), loadMoreTexts(), ...styles.map(loadSheet)]);
    here.value = new Map(here.value).set(load, module.default);
  } catch {
    showToast(t("problem-network"));
    onFail?.();
  }
}

/**
 * `load` is `() => import(…)` of a module whose default export is the component, `styles` names its sheets, `meanwhile` keeps its
 * place; the other props go to it.
 */
export function Later({ load, styles = [], meanwhile = null, onFail, ...props }) {
  const component = here.value.get(load);
  useEffect(() => {
    if (!component) fetchAll(load, styles, onFail);
  }, [load]);
  return component ? html`<${component} ...${props} />` : meanwhile;
}
