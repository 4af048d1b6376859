// Where one writes: a box that grows, attachments in a tray above it, Enter to send. What is typed beside it lands in it.

import { html, useEffect, useLayoutEffect, useRef, useState } from "../../vendor/papo-vendor.js";
import { attach, takeUploads } from "../store/attachments.js";
import { draftOf, keepDraft, saveDraft } from "../store/drafts.js";
import { t } from "../store/i18n.js";
import { canSay, say } from "../store/outbox.js";
import { blocked, limits, line, phase, room, tray, uploading } from "../store/state.js";
import { noteTyping, stopTyping, typingSent } from "../store/typing.js";
import { drawer, focusComposer, isTouch } from "../store/ui.js";
import { Later } from "./later.js";
import { Icon, IconButton } from "./parts.js";

/** From this many characters before the limit on, what is left is shown. */
const COUNT_FROM = 200;

const loadTray = () => import("./tray.js");
const TRAY_STYLES = ["carried", "tray"];
const length = (text) => [...text].length;

/** Browsers that know how make the box as high as its text by themselves. */
const fitsItself = globalThis.CSS?.supports("field-sizing: content");

/** As high as its text; the style sheet sets the limit. */
function fit(box) {
  if (fitsItself) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}

/** What was written, as it is sent: without empty lines around it. */
const written = (box) => box.value.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd().normalize("NFC");

/** A letter typed anywhere but in a field, and what is pasted there, is meant for the message. */
function typeAnywhere(event) {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  const types = key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;
  const pastes = (ctrlKey || metaKey) && !altKey && key.toLowerCase() === "v";
  if ((types || pastes) && !target.closest("input, textarea, select, dialog") && drawer.value === null) focusComposer();
}

export function Composer() {
  const box = useRef(null);
  const picker = useRef(null);
  const [left, setLeft] = useState(null);
  const [filled, setFilled] = useState(false);
  const [armed, setArmed] = useState(false);
  const { id, title } = room.value;
  const shut = phase.value === "moved" || !["connecting", "up", "down"].includes(line.value);

  const measure = () => {
    const text = box.current.value;
    const rest = limits.value.text_chars - (text.length > limits.value.text_chars - COUNT_FROM ? length(text) : 0);
    setLeft(rest <= COUNT_FROM ? rest : null);
    setFilled(text.trim() !== "");
    fit(box.current);
  };

  const send = () => {
    const text = written(box.current);
    const empty = text === "" && tray.value.length === 0;
    if (empty || shut || length(text) > limits.value.text_chars || blocked.value) return setArmed(false);
    // The text waits until every file is up; then all of it goes out as one message.
    if (uploading.value) return setArmed(true);
    if (!canSay()) return setArmed(false);
    say({ text, ...takeUploads() });
    typingSent();
    setArmed(false);
    box.current.value = "";
    keepDraft(id, "");
    saveDraft();
    measure();
  };

  useLayoutEffect(() => {
    box.current.value = draftOf(id);
    setArmed(false);
    measure();
    if (!isTouch() && !document.querySelector("dialog[open]")) box.current.focus();
  }, [id]);

  // Another width breaks the lines elsewhere.
  useEffect(() => {
    const refit = () => fit(box.current);
    addEventListener("resize", refit);
    document.addEventListener("keydown", typeAnywhere);
    return () => {
      removeEventListener("resize", refit);
      document.removeEventListener("keydown", typeAnywhere);
    };
  }, []);

  useEffect(() => {
    if (armed) send();
  }, [armed, uploading.value, blocked.value]);

  const onInput = () => {
    measure();
    keepDraft(id, box.current.value);
    if (box.current.value.trim() === "") stopTyping();
    else noteTyping();
  };
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || isTouch()) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0 || event.clipboardData.getData("text/plain") !== "") return;
    event.preventDefault();
    attach(files);
  };
  const onPick = () => {
    attach([...picker.current.files]);
    picker.current.value = "";
    focusComposer();
  };
  const onSubmit = (event) => {
    event.preventDefault();
    send();
    focusComposer();
  };

  const ready = !shut && !blocked.value && (left === null || left >= 0) && (filled || tray.value.length > 0);
  const counter = left !== null && (left < 0 ? t("composer-over", { count: -left }) : t("composer-left", { count: left }));
  return html`<form class="composer" aria-label=${t("composer")} onSubmit=${onSubmit}>
    <div class="box">
      ${tray.value.length > 0 && html`<${Later} load=${loadTray} styles=${TRAY_STYLES} />`}
      ${counter && html`<p class=${`counter ${left < 0 ? "over" : ""}`} role="status">${counter}</p>`}
      <div class="line">
        ${limits.value.files > 0 && html`<${IconButton} icon="clip" label=${t("attach")} disabled=${shut} onClick=${() => picker.current.click()} />
        <input ref=${picker} type="file" multiple hidden tabindex="-1" aria-label=${t("attach")} onChange=${onPick} />`}
        <label class="sr" for="composer">${t("composer-label", { room: title })}</label>
        <textarea id="composer" ref=${box} rows="1" dir="auto" placeholder=${t("composer-placeholder")} disabled=${shut} readonly=${armed} enterkeyhint=${isTouch() ? "enter" : "send"}
          onInput=${onInput} onKeyDown=${onKeyDown} onPaste=${onPaste} onBlur=${stopTyping}></textarea>
        ${armed /* Two elements: one that became a submit button during its own click would submit. */
          ? html`<button key="wait" type="button" class="btn send" onClick=${() => setArmed(false)} aria-label=${t("composer-wait-cancel")} title=${t("composer-waiting")}><span class="spin" aria-hidden="true"></span><span class="only-d">${t("composer-waiting")}</span></button>`
          : html`<button key="send" type="submit" class="btn primary send" aria-label=${t("composer-send")} aria-disabled=${!ready}><${Icon} name="send" /><span class="only-d">${t("composer-send")}</span></button>`}
      </div>
    </div>
  </form>`;
}
