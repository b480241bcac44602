/** What lies in the page beside its words: Python as WebAssembly, its library, and kurssi, each as base64. */

import type { Payload } from "./questions.ts";

function decoded(id: string): Uint8Array<ArrayBuffer> {
  const text = document.getElementById(id)?.textContent ?? "";
  const direct = (Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }).fromBase64;
  if (direct !== undefined) return direct.call(Uint8Array, text);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  return bytes;
}

export function payload(): Payload {
  return {
    wasm: decoded("python-wasm"),
    memory: decoded("python-memory"),
    library: decoded("python-library"),
    packages: decoded("python-packages"),
    files: decoded("python-files"),
  };
}
