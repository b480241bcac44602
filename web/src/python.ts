/** The page's side of the worker: questions with answers, in order, and the files that it holds. */

import type { Answer, Payload, Question } from "./questions.ts";

interface Waiting {
  resolve: (value: never) => void;
  reject: (reason: Error) => void;
}

export class Stopped extends Error {}

/** What work comes to; null where a person stopped it, which is no fault. */
export async function unlessStopped<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return null;
  }
}

/** Begins work that nothing waits for, and that may be stopped. */
export function begin(work: Promise<unknown>): void {
  void unlessStopped(work);
}

export type Stage = "unpacking" | "interpreter" | "packages" | "kurssi" | "ready" | "failed";

export class Python {
  private worker: Worker | null = null;
  private waiting = new Map<number, Waiting>();
  private next = 0;
  /** How many times Python was begun: what one of them knew the next does not. */
  begun = 0;
  private readonly files = new Map<string, { bytes: Uint8Array; changed: number }>();
  private language = "en";
  private readonly code: string;
  private readonly payload: () => Payload;
  onStage: (stage: Stage) => void = () => undefined;
  onBusy: (busy: boolean) => void = () => undefined;

  constructor(code: string, payload: () => Payload) {
    this.code = code;
    this.payload = payload;
  }

  /** Starts Python; what was on the desk of one that was stopped is on the desk of the new one. */
  async start(): Promise<void> {
    this.begun += 1;
    this.onStage("unpacking");
    const address = URL.createObjectURL(new Blob([this.code], { type: "text/javascript" }));
    this.worker = new Worker(address);
    this.worker.onmessage = (event: MessageEvent<Answer>) => this.receive(event.data);
    this.worker.onerror = (event) => {
      this.onStage("failed");
      this.rejectAll(new Error(event.message));
    };
    const payload = this.payload();
    const moved = Object.values(payload).map((bytes: Uint8Array) => bytes.buffer as ArrayBuffer);
    const started = this.send({ kind: "start", payload }, moved);
    const given = [...this.files].map(([name, file]) => this.send({ kind: "put", name, ...file }));
    const told = this.send({ kind: "ask", name: "language", with: { code: this.language } });
    await Promise.all([started, ...given, told]);
    URL.revokeObjectURL(address);
    this.onStage("ready");
  }

  /** Ends what is running and begins anew; may be asked while it begins. */
  async restart(): Promise<void> {
    if (this.worker !== null) this.worker.onmessage = null;
    this.worker?.terminate();
    this.rejectAll(new Stopped());
    await unlessStopped(this.start());
  }

  async speak(code: string): Promise<void> {
    this.language = code;
    await this.ask("language", { code });
  }

  async put(name: string, bytes: Uint8Array, changed = Date.now()): Promise<void> {
    this.files.set(name, { bytes, changed });
    await this.send({ kind: "put", name, bytes, changed });
  }

  async get(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.send({ kind: "get", name });
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name);
    await this.send({ kind: "remove", name });
  }

  async ask<T>(name: string, given: Record<string, unknown> = {}): Promise<T> {
    return this.send({ kind: "ask", name, with: given });
  }

  private send<T>(question: Question, moved: Transferable[] = []): Promise<T> {
    const id = this.next++;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.onBusy(true);
      this.worker?.postMessage({ id, question }, moved);
    });
  }

  private receive(answer: Answer): void {
    if ("stage" in answer) {
      this.onStage(answer.stage);
      return;
    }
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) this.onBusy(false);
    if ("error" in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.value as never);
  }

  private rejectAll(reason: Error): void {
    for (const one of this.waiting.values()) one.reject(reason);
    this.waiting.clear();
    this.onBusy(false);
  }
}
