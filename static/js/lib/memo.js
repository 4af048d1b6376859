// A component that renders again only when one of its props is another value.

import { h } from "../../vendor/papo-vendor.js";

function differ(a, b) {
  for (const key in a) if (key !== "children" && a[key] !== b[key]) return true;
  for (const key in b) if (!(key in a)) return true;
  return false;
}

export function memo(component) {
  return function Memo(props) {
    this.shouldComponentUpdate = (next) => differ(this.props, next);
    return h(component, props);
  };
}
