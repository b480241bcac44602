/** Says what became of the files that were handed out, and offers again what the browser would not save by itself. */

import { button, fill, h } from "./dom.ts";
import { type Outcome, save } from "./saving.ts";
import { t } from "./words.ts";

export interface Made {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  type?: string;
}

const SAID = { downloaded: "saved", written: "writtenInto", "given up": "givenUp" } as const;

/** Hands the files out one after the other: a browser shows one dialog at a time. */
export async function handedOut(said: HTMLElement, files: Made[]): Promise<void> {
  const lines = files.map(() => h("p", {}));
  fill(said, ...lines);
  for (const [at, file] of files.entries()) {
    const line = lines[at];
    if (line !== undefined) say(line, file, await save(file.name, file.bytes, file.type));
  }
}

function say(line: HTMLElement, file: Made, outcome: Outcome): void {
  if (outcome === "wait") {
    const again = () => void save(file.name, file.bytes, file.type).then((now) => say(line, file, now));
    fill(line, button(t("saveNow", { name: file.name }), again, "main"));
  } else fill(line, t(SAID[outcome], { name: file.name }));
}
