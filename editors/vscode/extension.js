"use strict";
// Starts `kurssi lsp` and lets VS Code speak to it. Everything that is shown comes from there.

const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

const YAML = "redhat.vscode-yaml";
let client;

/** What is started, and what it is told. */
function settings(configuration, language, yaml) {
  const [command, ...before] = configuration.get("command", ["kurssi"]);
  const chosen = configuration.get("language", "") || language;
  return {
    server: { command, args: [...before, "lsp"], transport: TransportKind.stdio },
    options: {
      documentSelector: [{ language: "yaml", scheme: "file" }, { language: "yaml", scheme: "untitled" }],
      initializationOptions: {
        language: chosen.slice(0, 2).toLowerCase(),
        yamlLanguageServer: yaml && configuration.get("schema", "auto") === "auto",
      },
    },
  };
}

async function start() {
  const yaml = vscode.extensions.getExtension(YAML) !== undefined;
  const { server, options } = settings(vscode.workspace.getConfiguration("kurssi"), vscode.env.language, yaml);
  client = new LanguageClient("kurssi", "kurssi", server, options);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const said = `kurssi: ${server.command}: ${error.message}. pip install "kurssi[lsp]"`;
    vscode.window.showErrorMessage(said);
  }
}

async function stop() {
  const old = client;
  client = undefined;
  if (old !== undefined) await old.stop();
}

async function activate(context) {
  const again = async () => {
    await stop();
    await start();
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("kurssi.restart", again),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("kurssi") && again()),
  );
  await start();
}

module.exports = { activate, deactivate: stop, settings };
