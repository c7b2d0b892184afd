// An act of a person that asks the server: what goes wrong is said, and nothing else happens.
import { toast } from "./toast.js";
import { t } from "./words.js";

export async function attempt(act) {
  try {
    await act();
  } catch (error) {
    toast(error.status ? error.message : t("not_reached"), { urgent: true });
  }
}
