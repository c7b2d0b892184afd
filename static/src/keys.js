// Which keys may act. Single keys are off for whom they disturb (accessibility settings), and while something is typed.
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

/** Whether the bare key of `event` may act: not while typing, not with a modifier. AltGr writes "[" on many keyboards. */
export function bareKey(event) {
  if (document.body.dataset.singleKeys === "off" || event.isComposing || event.defaultPrevented) return false;
  if (event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"))) return false;
  return !event.target.closest?.(TYPING);
}
