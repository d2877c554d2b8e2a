// SPDX-License-Identifier: MIT
// Reads our Markdown: fenced blocks with what the comments above them say about running them, conversations
// between agents, calls of tools, headings.
import {existsSync, readFileSync, readdirSync} from "node:fs";
import {dirname, join, relative} from "node:path";
import {fileURLToPath} from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

function markdown_below(folder) {
  return readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : markdown_below(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

/** Paths, from the folder, of all pages in it. */
export const pages_in = folder => markdown_below(folder).map(path => relative(folder, path)).sort();

/** Paths, from the root, of the pages whose commands somebody may follow. */
export function pages() {
  const top = readdirSync(root).filter(name => name.endsWith(".md")).map(name => join(root, name));
  return [...top, ...markdown_below(join(root, "docs")), ...markdown_below(join(root, "deploy"))]
    .map(path => relative(root, path)).sort();
}

/** What a comment above a block may say. `not run` and `run by` exclude each other and all others. */
const directive_names = ["not run", "run by", "run after", "run until", "run on"];

/**
 * Fenced blocks of a page: {place, language, text, directives, lines_of_directives}. A directive is a comment of its own on the
 * lines directly above, such as `<!-- not run: needs a cluster -->`.
 */
export function blocks_of(page, content = readFileSync(join(root, page), "utf8")) {
  const lines = content.split("\n");
  const blocks = [];
  for (let at = 0; at < lines.length; ++at) {
    const open = /^( *)```(\w*)$/.exec(lines[at]);
    if (open === null) continue;
    const [, indent, language] = open;
    const directives = {};
    const lines_of_directives = [];
    for (let above = at - 1; above >= 0; --above) {
      const found = /^ *<!-- ([a-z ]+): (.+) -->$/.exec(lines[above]);
      if (found === null || !directive_names.includes(found[1])) break;
      directives[found[1]] = found[2];
      lines_of_directives.push(above + 1);
    }
    const text = [];
    const line = at + 1;
    for (++at; at < lines.length && lines[at] !== `${indent}\`\`\``; ++at) text.push(lines[at].slice(indent.length));
    blocks.push({place: `${page}:${line}`, language, directives, lines_of_directives, text: text.join("\n")});
  }
  return blocks;
}

export const is_shell = block => ["bash", "sh"].includes(block.language);

/** A block with calls of tools and nothing else, without a name before them. */
export const is_calls = block => block.language === "" && /^[a-z]+(_[a-z]+)+\(/.test(block.text);

/** A block in which agents call tools and are answered, as `nats-mcp-server demo` prints it. */
export const is_conversation = block => block.language === "" && /^ *[a-z]+ > [a-z_]+\(/m.test(block.text);

/** `name(a=1, b=["x"])`, over several lines if need be: {tool, arguments}, or throws. */
export function parse_call(text) {
  const found = /^([a-z_]+)\(([^]*)\)$/.exec(text.trim());
  if (found === null) throw new Error(`not a call: ${text}`);
  // Outside of texts a word before an equals sign is the name of an argument: what is left is JSON.
  const json = found[2].replaceAll(/("(?:[^"\\]|\\.)*")|([A-Za-z]+)=/g, (all, string, word) => string ?? `"${word}":`);
  return {tool: found[1], arguments: JSON.parse(`{${json}}`)};
}

/** The calls of a block: each begins at the start of a line. */
export const calls_of = text => text.split(/^(?=[a-z_]+\()/m).filter(call => call.trim() !== "").map(parse_call);

/** What happens in a conversation: {agent, tool, arguments, answer}. */
export function conversation_of(text) {
  const steps = [];
  for (const line of text.split("\n")) {
    const call = /^ *([a-z]+) > (.*)$/.exec(line);
    const answer = /^ *\| ?(.*)$/.exec(line);
    if (call !== null) steps.push({agent: call[1], call: call[2], answer: []});
    else if (answer !== null) steps.at(-1).answer.push(answer[1]);
    else if (line.trim() !== "") steps.at(-1).call += ` ${line.trim()}`;
  }
  return steps.map(({agent, call, answer}) => ({agent, ...parse_call(call), answer: answer.join("\n")}));
}

/** The anchors that GitHub makes of the headings of a page. */
export function anchors_of(content) {
  const without_code = content.replaceAll(/^( *)```[^]*?^\1```$/gm, "");
  const seen = new Map();
  return [...without_code.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading]) => {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "").replaceAll(" ", "-");
    const before = seen.get(words) ?? 0;
    seen.set(words, before + 1);
    return before === 0 ? words : `${words}-${before}`;
  });
}

/** Links of a page outside of code: {line, target, anchor}. */
export function links_of(content) {
  let in_code = false;
  return content.split("\n").flatMap((text, at) => {
    if (/^ *```/.test(text)) in_code = !in_code;
    if (in_code) return [];
    const spoken = text.replaceAll(/`[^`]*`/g, "");
    const found = [...spoken.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g), ...spoken.matchAll(/(?:href|src)="([^"#]*)(?:#([^"]*))?"/g)];
    return found.map(([, target, anchor]) => ({line: at + 1, target, anchor}));
  });
}

/** Links of a page of a folder that lead nowhere, with anchors within a page and of another one. */
export function dead_links(folder, page, content = readFileSync(join(folder, page), "utf8")) {
  return links_of(content).filter(({target, anchor}) => {
    if (/^[a-z]+:/.test(target)) return !/^(https?:\/\/[\w.-]+\.[a-z]+(\/\S*)?|http:\/\/localhost:\d+|mailto:\S+@\S+)$/.test(target);
    const other = join(dirname(page), target);
    if (target !== "" && !existsSync(join(folder, other))) return true;
    if (anchor === undefined) return target === "";
    return !anchors_of(target === "" ? content : readFileSync(join(folder, other), "utf8")).includes(anchor);
  }).map(({line, target, anchor}) => `${page}:${line}: ${target}#${anchor ?? ""}`);
}
