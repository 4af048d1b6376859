// Sends a sign-in form without leaving the page: errors under their fields, the values kept, the button busy.
// Without this script the same form is sent by the browser and answered with a page.

import { api } from "../net/api.js";

function showError(form, field, text) {
  const place = form.querySelector(`#${field}-error`);
  const input = form.elements[field];
  if (input instanceof HTMLInputElement) {
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  if (!place) return false;
  place.querySelector("span").textContent = text;
  place.hidden = text === "";
  return true;
}

function setBusy(form, busy) {
  const button = form.querySelector("[type=submit]");
  const label = button.querySelector(".say");
  button.dataset.say ??= label.textContent;
  label.textContent = busy ? form.dataset.busy : button.dataset.say;
  button.querySelector(".spin").hidden = !busy;
  button.setAttribute("aria-disabled", String(busy));
}

function addReveal(form) {
  for (const button of form.querySelectorAll(".reveal")) {
    const input = button.parentElement.querySelector("input");
    button.hidden = false;
    button.addEventListener("click", () => {
      const show = input.type === "password";
      input.type = show ? "text" : "password";
      button.setAttribute("aria-pressed", String(show));
      button.setAttribute("aria-label", show ? form.dataset.hide : form.dataset.show);
    });
  }
}

/**
 * @param fields   names of the fields, in their order on the page
 * @param path     where the JSON goes
 * @param fallback the field under which an error without a field of its own is shown
 */
export function enhance(form, { fields, path, fallback }) {
  let busy = false;
  form.noValidate = true;
  addReveal(form);
  form.querySelector("[aria-invalid=true]")?.focus();

  const showAll = (errors) => {
    for (const field of [...fields, "form"]) showError(form, field, "");
    for (const { field, message } of errors) {
      if (!showError(form, field, message)) showError(form, fallback, message);
    }
    const wrong = fields.find((field) => form.elements[field].getAttribute("aria-invalid") === "true");
    if (!wrong) return;
    form.elements[wrong].focus();
    // The focus may be there already: then the error below it has not been brought into view.
    form.elements[wrong].closest(".field").scrollIntoView({ block: "nearest" });
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    const values = Object.fromEntries(fields.map((field) => [field, form.elements[field].value]));
    const missing = fields.filter((field) => values[field] === "");
    if (missing.length > 0) return showAll(missing.map((field) => ({ field, message: form.dataset.required })));
    busy = true;
    setBusy(form, true);
    try {
      await api("POST", path, values);
      location.assign(safeNext(form.elements.next.value));
    } catch (problem) {
      busy = false;
      setBusy(form, false);
      const general = problem.code === "network" ? form.dataset.network : problem.detail || form.dataset.internal;
      showAll(problem.errors.length > 0 ? problem.errors : [{ field: fallback, message: general }]);
    }
  });
}

/** `next` if it is a path of this site, otherwise "/". */
export function safeNext(next) {
  return typeof next === "string" && /^\/(?![/\\])[^\\\u0000-\u001f]*$/.test(next) ? next : "/";
}
