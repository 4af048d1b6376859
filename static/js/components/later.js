// A component whose code is fetched when it is first needed: the first load of the page stays small.

import { html, signal, useEffect } from "../../vendor/papo-vendor.js";
import { t } from "../store/i18n.js";
import { showToast } from "../store/ui.js";

/** Loader → component, once it is here. */
const here = signal(new Map());

async function fetchCode(load, onFail) {
  try {
    here.value = new Map(here.value).set(load, (await load()).default);
  } catch {
    showToast(t("problem-network"));
    onFail?.();
  }
}

/** `load` is `() => import(…)` of a module whose default export is the component; the other props go to it. */
export function Later({ load, onFail, ...props }) {
  const component = here.value.get(load);
  useEffect(() => {
    if (!component) fetchCode(load, onFail);
  }, [load]);
  return component && html`<${component} ...${props} />`;
}
