// Asks the browser for a passkey and sends what it signed with the form inside. `data-kind`: create or get. The options lie in
// the page (#passkey-options), or are fetched from `data-options` on the click.
const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (list) => (list || []).map((one) => ({ ...one, id: fromText(one.id) }));

/** The options as the browser takes them: bytes in place of base64url. */
export function decoded(options) {
  const key = options.publicKey;
  const user = key.user && { ...key.user, id: fromText(key.user.id) };
  const lists = { excludeCredentials: withBytes(key.excludeCredentials), allowCredentials: withBytes(key.allowCredentials) };
  return { publicKey: { ...key, ...lists, challenge: fromText(key.challenge), ...(user ? { user } : {}) } };
}

/** What the browser answered, as JSON can carry it. */
export function encoded(credential) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const response = {};
  for (const part of parts) if (credential.response[part]) response[part] = toText(credential.response[part]);
  return {
    type: credential.type, id: credential.id, rawId: toText(credential.rawId), response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

class IjPasskey extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential) return;
    this.hidden = false;
    this.button = this.querySelector("button");
    this.button.disabled = false;
    this.querySelector("form").addEventListener("submit", (event) => this.#ask(event));
  }

  async #ask(event) {
    event.preventDefault();
    const wrong = this.querySelector("[data-wrong]");
    wrong.hidden = true;
    this.button.disabled = true;
    try {
      const options = decoded(await this.#options());
      const { kind } = this.dataset;
      const credential = kind === "create" ? await navigator.credentials.create(options) : await navigator.credentials.get(options);
      this.querySelector("[name=credential]").value = JSON.stringify(encoded(credential));
      event.target.submit();
    } catch (error) {
      console.info(error.name);
      wrong.hidden = false;
      this.button.disabled = false;
    }
  }

  async #options() {
    const { options } = this.dataset;
    if (!options) return JSON.parse(this.querySelector("#passkey-options").textContent);
    const answer = await fetch(options, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options;
  }
}

customElements.define("ij-passkey", IjPasskey);
