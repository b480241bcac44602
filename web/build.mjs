// Makes the page: one file that works from a disk, and the same as a folder for a web server.
//
//   node build.mjs PACKED TARGET    PACKED is what scripts/app.py and pack.mjs made
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const [packed, target] = process.argv.slice(2).map((path) => resolve(path));
const here = import.meta.dirname;
const common = {
  bundle: true,
  minify: true,
  write: false,
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  external: ["node:*", "ws"],
};

async function bundled(entry, format, define) {
  const made = await build({ ...common, entryPoints: [join(here, entry)], format, define });
  return made.outputFiles[0].text;
}

function examples() {
  const found = {};
  for (const entry of readdirSync(join(packed, "example"), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) found[basename(entry.name)] = readFileSync(join(entry.parentPath, entry.name), "utf8");
  }
  return found;
}

const pyodide = join(here, "node_modules", "pyodide");
const compressed = (...path) => gzipSync(readFileSync(join(...path)), { level: 9 });
const payload = {
  "python-wasm": compressed(pyodide, "pyodide.asm.wasm"),
  "python-memory": compressed(packed, "memory.bin"),
  "python-library": readFileSync(join(pyodide, "python_stdlib.zip")),
  "python-packages": compressed(packed, "library.zip"),
  "python-files": compressed(packed, "files.zip"),
};
const { info } = JSON.parse(readFileSync(join(pyodide, "pyodide-lock.json"), "utf8"));
// A page that lies on a disk may start a worker of the old kind only.
const worker = await bundled("src/worker.ts", "iife", {
  LOCK: JSON.stringify(JSON.stringify({ info, packages: {} })),
  "import.meta.url": '"kurssi:/"',
});
const script = await bundled("src/main.ts", "esm", { WORKER: JSON.stringify(worker), EXAMPLE: JSON.stringify(examples()) });
const style = readFileSync(join(here, "src/style.css"), "utf8");
const icon = `data:image/svg+xml,${encodeURIComponent(readFileSync(join(here, "src/icon.svg"), "utf8"))}`;

function policy(scripts) {
  return [
    "default-src 'none'",
    `script-src ${scripts} blob: 'wasm-unsafe-eval'`,
    "worker-src blob:",
    "style-src 'unsafe-inline'",
    "img-src data:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

const sha256 = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

function page(scripts, head, end) {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>kurssi</title>
<link rel="icon" href="${icon}">
<style>
${style}</style>
${head}</head>
<body>
<div id="app"></div>
<noscript>kurssi needs JavaScript.</noscript>
${end}</body>
</html>
`;
}

// The end of a script inside a script would end it; nothing else in it means anything to HTML.
const inline = script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const data = Object.entries(payload).map(([id, bytes]) => {
  return `<script type="text/plain" id="${id}">${bytes.toString("base64")}</script>\n`;
});
const whole = page(sha256(inline), "", `${data.join("")}<script type="module">${inline}</script>\n`);
rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, "folder"), { recursive: true });
writeFileSync(join(target, "kurssi.html"), whole);

// A server's folder: the same, in files that a browser keeps apart.
const stored = `for (const [id, text] of Object.entries(${JSON.stringify(
  Object.fromEntries(Object.entries(payload).map(([id, bytes]) => [id, bytes.toString("base64")])),
)})) {
  const kept = document.createElement("script");
  kept.type = "text/plain";
  kept.id = id;
  kept.textContent = text;
  document.head.append(kept);
}
`;
writeFileSync(join(target, "folder", "python.js"), stored);
writeFileSync(join(target, "folder", "kurssi.js"), script);
writeFileSync(
  join(target, "folder", "index.html"),
  page("'self'", '<script defer src="python.js"></script>\n<script type="module" src="kurssi.js"></script>\n', ""),
);
const size = (name) => (readFileSync(join(target, name)).length / 1e6).toFixed(1);
console.log(`${join(target, "kurssi.html")}: ${size("kurssi.html")} MB, of it the page ${(script.length / 1e6).toFixed(1)} MB`);
if (whole.length > 45e6) throw new Error("kurssi.html is larger than 45 MB");
