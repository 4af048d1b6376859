// Files for the message box, and the ways they come in.

import { dusk, png, zip } from "./files.mjs";

export const picture = (name, { paint = dusk, width = 320, height = 240 } = {}) => ({ name, mimeType: "image/png", buffer: png(width, height, paint) });
export const parcel = (name, bytes = 2000) => ({ name, mimeType: "application/zip", buffer: zip("festa.txt", bytes) });

/** By the button, as if they had been chosen. */
export const choose = (page, files) => page.locator("input[type=file]").setInputFiles(files);

export const chip = (page, name) => page.locator(".chip", { hasText: name });
export const ready = (page, name) => chip(page, name).getByText("pronto").waitFor();

/** Goes over `selector` with a file in hand, step by step: `dragenter`, `dragover`, `drop` or `dragleave`. */
export async function drag(page, selector, { name, mimeType, buffer }, steps) {
  await page.evaluate(({ selector, name, mimeType, base64, steps }) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name, { type: mimeType }));
    const target = document.querySelector(selector);
    for (const step of steps) target.dispatchEvent(new DragEvent(step, { bubbles: true, cancelable: true, dataTransfer }));
  }, { selector, name, mimeType, base64: buffer.toString("base64"), steps });
}

/** Puts an image on the clipboard of the browser, as a screenshot would. */
export async function copyImage(page, { buffer }) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
  }, buffer.toString("base64"));
}
