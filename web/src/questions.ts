/** What the page and the worker with Python in it send each other. */

export interface Payload {
  wasm: Uint8Array;
  /** Of a Python that has begun. */
  memory: Uint8Array;
  library: Uint8Array;
  /** Imported out of the archive. */
  packages: Uint8Array;
  /** Unpacked. */
  files: Uint8Array;
}

export type Question =
  | { kind: "start"; payload: Payload }
  | { kind: "put"; name: string; bytes: Uint8Array; changed: number }
  | { kind: "get"; name: string }
  | { kind: "remove"; name: string }
  | { kind: "ask"; name: string; with: Record<string, unknown> };

export interface Asked {
  id: number;
  question: Question;
}

export type Answer =
  | { id: number; value: unknown }
  | { id: number; error: string }
  | { stage: "interpreter" | "packages" | "kurssi" };
