/** Python and kurssi, beside the page, so that the page never waits for them. Nothing here can reach a network. */

import "./no-scripts.ts";
import { loadPyodide, type PyodideInterface } from "pyodide";
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import type { Answer, Asked, Payload, Question } from "./questions.ts";

const HOME = "/desk";
const INSIDE = "kurssi:/";
let python: PyodideInterface;
let ask: (question: string) => string;

function unzipped(bytes: Uint8Array): ReadableStream {
  return new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
}

async function whole(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(unzipped(bytes)).arrayBuffer());
}

/** Pyodide asks for its two files as from a server; they are here already, and nothing else is to be had. */
function answerFromMemory(payload: Payload): void {
  self.fetch = (asked) => {
    const name = String(asked instanceof Request ? asked.url : asked);
    if (name === `${INSIDE}pyodide.asm.wasm`) {
      const headers = { "Content-Type": "application/wasm" };
      return Promise.resolve(new Response(unzipped(payload.wasm), { headers }));
    }
    if (name === `${INSIDE}python_stdlib.zip`) {
      return Promise.resolve(new Response(payload.library as BodyInit));
    }
    return Promise.reject(new Error(`the page has no ${name}`));
  };
}

async function start(payload: Payload): Promise<string> {
  post({ stage: "interpreter" });
  answerFromMemory(payload);
  const [packages, files] = [whole(payload.packages), whole(payload.files)];
  python = await loadPyodide({
    indexURL: INSIDE,
    createPyodideModule,
    lockFileContents: LOCK,
    packageBaseUrl: INSIDE,
    _loadSnapshot: whole(payload.memory),
  } as unknown as Parameters<typeof loadPyodide>[0]);
  post({ stage: "packages" });
  const site = python.runPython("import site; site.getsitepackages()[0]") as string;
  python.FS.writeFile("/lib/packages.zip", await packages);
  python.unpackArchive(await files, "zip", { extractDir: site });
  post({ stage: "kurssi" });
  python.globals.set("HOME", HOME);
  ask = python.runPython(BEGIN) as (question: string) => string;
  return python.version;
}

const BEGIN = `
import gc, sys
gc.disable()
sys.path.append("/lib/packages.zip")
from kurssi.startup import prepare
prepare()
from kurssi.browser import Desk
Desk(HOME).ask
`;

function put(name: string, bytes: Uint8Array, changed: number): null {
  const path = `${HOME}/${name}`;
  python.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
  python.FS.writeFile(path, bytes);
  python.FS.utime(path, changed, changed);
  return null;
}

function answer(question: Question): unknown {
  switch (question.kind) {
    case "put":
      return put(question.name, question.bytes, question.changed);
    case "get":
      return python.FS.readFile(`${HOME}/${question.name}`);
    case "remove":
      python.FS.unlink(`${HOME}/${question.name}`);
      return null;
    case "ask":
      return JSON.parse(ask(JSON.stringify({ name: question.name, with: question.with })));
    case "start":
      return start(question.payload);
  }
}

function post(message: Answer): void {
  self.postMessage(message);
}

async function reply({ id, question }: Asked): Promise<void> {
  try {
    post({ id, value: await answer(question) });
  } catch (error) {
    post({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

/** One after the other: what is asked while Python starts waits for it. */
let last = Promise.resolve();
self.onmessage = (event: MessageEvent<Asked>) => {
  last = last.then(() => reply(event.data));
};
