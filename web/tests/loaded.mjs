// Loads a module of the page for a test in Node.
import { join } from "node:path";
import { build } from "esbuild";

export async function loaded(name) {
  const entry = join(import.meta.dirname, "..", "src", name);
  const made = await build({ entryPoints: [entry], bundle: true, write: false, format: "esm", logLevel: "error" });
  return import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].contents).toString("base64")}`);
}
