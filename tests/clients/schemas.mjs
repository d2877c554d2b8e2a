// SPDX-License-Identifier: MIT
// The JSON Schemas of the MCP revisions. No package ships them as files; the conformance package
// carries four of them as object literals in its bundle, and this reads those out.
import fs from 'node:fs';
import vm from 'node:vm';
import {fileURLToPath} from 'node:url';

const bundlePath = fileURLToPath(
    new URL('./node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url));

// The order they stand in the pinned bundle, each with a definition only it has against the one
// before: a changed bundle is then an error here and not a validation against the wrong revision.
const revisions = [
  {name: '2025-03-26', has: 'AudioContent', lacks: 'ResourceLink'},
  {name: '2025-06-18', has: 'ResourceLink', lacks: 'Task'},
  {name: '2025-11-25', has: 'Task', lacks: 'DiscoverResult'},
  {name: '2026-07-28', has: 'DiscoverResult', lacks: 'InitializeResult'},
];

/** The end of the object literal that starts at `start`: brackets counted outside of strings. */
function endOfLiteral(text, start) {
  let depth = 0;
  let quote = '';
  for (let at = start; at < text.length; ++at) {
    const c = text[at];
    if (quote) {
      if (c === '\\') {
        ++at;
      } else if (c === quote) {
        quote = '';
      }
    } else if (c === '`' || c === '"' || c === "'") {
      quote = c;
    } else if (c === '{') {
      ++depth;
    } else if (c === '}' && --depth === 0) {
      return at + 1;
    }
  }
  throw new Error(`${bundlePath}: the schema literal at byte ${start} does not end`);
}

/** Revision name → its JSON Schema, as published. */
export function loadSchemas() {
  const text = fs.readFileSync(bundlePath, 'utf8');
  const starts = [...text.matchAll(/=(?=\{\$schema:`[^`]+`,(?:definitions|\$defs):\{)/g)]
                     .map(match => match.index + 1);
  if (starts.length !== revisions.length) {
    throw new Error(`${bundlePath} holds ${starts.length} schemas, expected ${revisions.length}: ` +
                    'is the pinned version of @modelcontextprotocol/conformance installed?');
  }
  const schemas = new Map();
  revisions.forEach((revision, index) => {
    const literal = text.slice(starts[index], endOfLiteral(text, starts[index]));
    const schema = vm.runInNewContext(`(${literal})`);
    const definitions = schema.$defs ?? schema.definitions;
    if (!(revision.has in definitions) || revision.lacks in definitions) {
      throw new Error(`${bundlePath}: schema ${index} is not revision ${revision.name}`);
    }
    // Out of the other realm, so that the validator sees ordinary arrays.
    schemas.set(revision.name, JSON.parse(JSON.stringify(schema)));
  });
  return schemas;
}
