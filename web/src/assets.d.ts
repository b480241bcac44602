declare module "pyodide/pyodide.asm.mjs" {
  const create: (settings: unknown) => Promise<unknown>;
  export default create;
}

/** The words of the page and its Python, put in by build.mjs. */
declare const EXAMPLE: Record<string, string>;
declare const WORKER: string;
/** What Pyodide wants to know of itself, without the packages of its own distribution. */
declare const LOCK: string;
