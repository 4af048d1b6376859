// Language and theme; each choice holds at once.

import { html } from "../../vendor/papo-vendor.js";
import { LANGUAGES, language, t } from "../store/i18n.js";
import { THEMES, setLanguage, setTheme, theme } from "../store/prefs.js";
import { showToast } from "../store/ui.js";
import { Dialog } from "./dialog.js";

const LANGUAGE_NAMES = { "pt-BR": "Português", en: "English" };

function Choice({ name, legend, options, value, onChoose }) {
  return html`<fieldset class="choice"><legend>${legend}</legend><div class="segments">${options.map(([option, label]) => html`<label key=${option} class="segment">
    <input type="radio" name=${name} value=${option} checked=${value === option} onChange=${() => onChoose(option)} /><span lang=${name === "language" ? option : undefined}>${label}</span></label>`)}</div></fieldset>`;
}

export default function PreferencesDialog() {
  const chooseLanguage = (tag) => setLanguage(tag).catch(() => showToast(t("problem-network")));
  return html`<${Dialog} labelledby="preferences-title">
    <div class="panel">
      <h2 id="preferences-title">${t("preferences")}</h2>
      <${Choice} name="language" legend=${t("pref-language")} value=${language.value} onChoose=${chooseLanguage} options=${LANGUAGES.map((tag) => [tag, LANGUAGE_NAMES[tag]])} />
      <${Choice} name="theme" legend=${t("pref-theme")} value=${theme.value} onChoose=${setTheme} options=${THEMES.map((name) => [name, t(`pref-theme-${name}`)])} />
      <p class="aside"><a href="/numbers">${t("numbers-title")}</a></p>
    </div>
  <//>`;
}
