"use strict";
// The extension without VS Code: its module with a stand-in for the editor, and a real server behind the protocol of
// the library that VS Code uses.

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { test } = require("node:test");

const ROOT = path.join(__dirname, "..");
const KURSSI = process.env.KURSSI || "kurssi";
const started = [];
const shown = [];

class LanguageClient {
  constructor(id, name, server, options) {
    Object.assign(this, { id, name, server, options, running: false });
    started.push(this);
  }
  async start() {
    if (this.server.command === "missing") throw new Error("spawn missing ENOENT");
    this.running = true;
  }
  async stop() {
    this.running = false;
  }
}

const values = {};
const commands = {};
let changed;
const editor = {
  commands: { registerCommand: (name, act) => ((commands[name] = act), { dispose() {} }) },
  env: { language: "fi-FI" },
  extensions: { getExtension: (name) => (values.yaml && name === "redhat.vscode-yaml" ? {} : undefined) },
  window: { showErrorMessage: (text) => shown.push(text) },
  workspace: {
    getConfiguration: () => ({ get: (name, otherwise) => values[name] ?? otherwise }),
    onDidChangeConfiguration: (act) => ((changed = act), { dispose() {} }),
  },
};

function load() {
  const real = Module._load;
  Module._load = (name, ...rest) => {
    if (name === "vscode") return editor;
    if (name === "vscode-languageclient/node") return { LanguageClient, TransportKind: { stdio: 0 } };
    return real(name, ...rest);
  };
  try {
    return require(path.join(ROOT, "extension.js"));
  } finally {
    Module._load = real;
  }
}

const extension = load();

test("it starts kurssi lsp in the language of the editor", async () => {
  const context = { subscriptions: [] };
  await extension.activate(context);
  const [client] = started;
  assert.deepEqual([client.server.command, client.server.args], ["kurssi", ["lsp"]]);
  assert.deepEqual(client.options.initializationOptions, { language: "fi", yamlLanguageServer: false });
  assert.equal(context.subscriptions.length, 2);
  assert.ok(client.running);
});

test("it starts again where a setting changes, with another command and beside the YAML extension", async () => {
  Object.assign(values, { command: ["uv", "run", "kurssi"], language: "sv", yaml: true });
  await changed({ affectsConfiguration: (name) => name === "kurssi" });
  const client = started.at(-1);
  assert.deepEqual([client.server.command, client.server.args], ["uv", ["run", "kurssi", "lsp"]]);
  assert.deepEqual(client.options.initializationOptions, { language: "sv", yamlLanguageServer: true });
  assert.equal(started.filter((one) => one.running).length, 1);
  values.schema = "always";
  await commands["kurssi.restart"]();
  assert.equal(started.at(-1).options.initializationOptions.yamlLanguageServer, false);
  await extension.deactivate();
  assert.equal(started.filter((one) => one.running).length, 0);
});

test("it says what to install where there is no kurssi", async () => {
  values.command = ["missing"];
  await commands["kurssi.restart"]();
  assert.match(shown.at(-1), /kurssi: missing: .*pip install "kurssi\[lsp\]"/);
});

test("what the manifest names is there, in three languages", () => {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const texts = ["", ".fi", ".sv"].map((name) =>
    JSON.parse(readFileSync(path.join(ROOT, `package.nls${name}.json`), "utf8")),
  );
  const named = [...JSON.stringify(manifest).matchAll(/%(\w+)%/g)].map((match) => match[1]).sort();
  for (const language of texts) assert.deepEqual(Object.keys(language).sort(), named);
  const version = /__version__ = "(.*)"/.exec(readFileSync(path.join(ROOT, "../../src/kurssi/__init__.py"), "utf8"))[1];
  assert.equal(manifest.version, version);
});

test("the real server answers the library of VS Code", { timeout: 120_000 }, async () => {
  const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = require("vscode-languageserver-protocol/node");
  const server = spawn(KURSSI, ["lsp"], { env: { ...process.env, KURSSI_LANG: "en" } });
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  connection.listen();
  const said = new Promise((resolve) => connection.onNotification("textDocument/publishDiagnostics", resolve));
  const { capabilities } = await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    initializationOptions: { language: "fi" },
  });
  for (const able of ["hoverProvider", "completionProvider", "definitionProvider", "codeLensProvider"])
    assert.ok(capabilities[able], able);
  await connection.sendNotification("initialized", {});
  const text = "kurssi: 1\ncourse: {code: X, name: N, credits: viisi}\nimplementation: {id: x}\n";
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri: "untitled:a.yaml", languageId: "yaml", version: 1, text },
  });
  const { diagnostics } = await said;
  assert.deepEqual(diagnostics.map((one) => one.code), ["wrong-type"]);
  assert.match(diagnostics[0].message, /ei ole luku/);
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  assert.equal(await new Promise((resolve) => server.on("exit", resolve)), 0);
});
