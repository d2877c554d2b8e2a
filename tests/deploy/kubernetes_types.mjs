// SPDX-License-Identifier: MIT
// Kubernetes' own types as a schema: every document is written as an object of its type and looked at by
// the TypeScript compiler, which names missing, wrong and, other than the published schemas, unknown members.
import ts from "typescript";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

const modules = {
  "v1": "core/v1", "apps/v1": "apps/v1", "policy/v1": "policy/v1", "networking.k8s.io/v1": "networking/v1",
};

/** What is wrong with the types of `documents`, one sentence each. */
export function type_complaints(documents) {
  const complaints = [];
  let text = "";
  const lines = [];
  for (const document of documents) {
    const module = modules[document.apiVersion];
    if (module === undefined) {
      complaints.push(`${document.kind} ${document.metadata?.name}: no types for ${document.apiVersion}`);
      continue;
    }
    text += `export const document_${lines.length}: import("kubernetes-types/${module}").${document.kind} = `
      + `${JSON.stringify(document)};\n`;
    lines.push(`${document.kind} ${document.metadata?.name}`);
  }
  const name = join(here, "documents.ts");
  const options = {noEmit: true, strict: true, skipLibCheck: true, types: [], module: ts.ModuleKind.ESNext,
                   moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022};
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(file, text, options.target) : read(file, ...rest);
  const exists = host.fileExists.bind(host);
  host.fileExists = file => file === name || exists(file);
  const program = ts.createProgram([name], options, host);
  for (const found of ts.getPreEmitDiagnostics(program)) {
    const line = found.file === undefined ? -1 : found.file.getLineAndCharacterOfPosition(found.start).line;
    complaints.push(`${lines[line] ?? "types"}: ${ts.flattenDiagnosticMessageText(found.messageText, " ")}`);
  }
  return complaints;
}
