// The words that scripts say. The server writes them, translated, into the page as JSON; nothing is worded here.
import { ordinalForm, roundEta } from "./numbers.js";

let table = null;

/** The sentence `key` with {name} places filled from `values`. An unknown key is a mistake of ours and throws. */
export function t(key, values = {}) {
  table ??= JSON.parse(document.getElementById("script-words").textContent);
  if (!(key in table)) throw new Error(`no words for ${key}`);
  return table[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** "3rd in line" for 2 (0 is next); "" when there is no place. */
export function placeWords(place) {
  if (place === null || place === undefined) return "";
  if (place === 0) return t("place_first");
  return t(`place_${ordinalForm(place + 1, document.documentElement.lang)}`, { n: place + 1 });
}

/** The time of day of `moment` as the page writes times: in the person's language and zone. */
export function timeWords(moment) {
  const language = document.documentElement.lang;
  const options = { hour: "numeric", minute: "2-digit", timeZone: document.body.dataset.zone };
  return moment.toLocaleTimeString(language === "en" ? "en-GB" : language, options);
}

/** "about 40 s"; "" when unknown. */
export function etaWords(seconds) {
  const eta = roundEta(seconds);
  return eta ? t(eta.unit === "s" ? "eta_s" : "eta_min", { n: eta.n }) : "";
}
