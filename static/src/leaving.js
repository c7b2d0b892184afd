// Signing out on a device that others use too: what was typed and not sent is shown first and removed afterwards, the
// other tabs of the person close, and Back does not bring her pages again.
import { draftsOf, drawingsOf, forgetDrafts } from "./drafts.js";

const LEAVING = "ij-leaving"; // of this tab: the sign-out that was asked for
const GONE = "ij-gone"; // of this tab: who was here before
const LEFT = "ij-left"; // to the other tabs: who has left
const DOOR = "/sign-in/";

export function start() {
  const { member } = document.body.dataset;
  if (member) stay(member);
  else if (sessionStorage.getItem(LEAVING)) leave(sessionStorage.getItem(LEAVING));
}

function stay(member) {
  sessionStorage.removeItem(LEAVING);
  sessionStorage.removeItem(GONE);
  document.addEventListener("submit", (event) => asked(event, member));
  addEventListener("storage", ({ key, newValue }) => key === LEFT && newValue === member && location.replace(DOOR));
  addEventListener("pageshow", ({ persisted }) => persisted && sessionStorage.getItem(GONE) === member && location.replace(DOOR));
}

/** The page of signing out says what would be lost; from elsewhere the way leads over it. */
function asked(event, member) {
  const out = new URL(event.target.action, location.href).pathname;
  if (out !== "/sign-out/") return;
  if (location.pathname !== out && (draftsOf(member).length || drawingsOf(member).length)) {
    event.preventDefault();
    location.assign(out);
  } else sessionStorage.setItem(LEAVING, member);
}

/** The server has signed her out: only now her words go. */
function leave(member) {
  forgetDrafts(member);
  sessionStorage.removeItem(LEAVING);
  sessionStorage.setItem(GONE, member);
  localStorage.setItem(LEFT, member);
  localStorage.removeItem(LEFT);
}
