/** `node --import THIS …`: whoever imports "electron" gets the stand-in. */
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

// Hooks run in a thread of their own, which reads this file once more.
if (isMainThread) register(import.meta.url);

export function resolve(specifier, context, next) {
  if (specifier !== "electron") return next(specifier, context);
  return { url: new URL("./electron_stand_in.mjs", import.meta.url).href, shortCircuit: true };
}
