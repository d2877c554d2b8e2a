// SPDX-License-Identifier: MIT
// An agent, seen from its client: a process that speaks MCP over its standard input and output.
import {spawn} from "node:child_process";
import {createInterface} from "node:readline";

/** Longest wait for one answer: the first call may have to start a NATS server, on a busy machine. */
const answer_within_ms = 60_000;

/** Starts `command` and introduces itself. `{call(tool, arguments), tools(), end()}`. */
export async function start_agent(command, options = {}) {
  const [program, ...words] = command;
  const child = spawn(program, words, {stdio: ["pipe", "pipe", "pipe"], ...options});
  const waiting = new Map();
  let log = "";
  let over = false;
  child.stderr.on("data", chunk => { log += chunk; });
  const ended = new Promise(resolve => {
    child.once("error", error => { log += error.message; resolve(-1); });
    child.once("exit", (code, signal) => resolve(signal ?? code));
  }).then(code => {
    over = true;
    for (const {reject} of waiting.values()) reject(new Error(`the agent ended with ${code}: ${log}`));
    waiting.clear();
    return code;
  });
  createInterface({input: child.stdout}).on("line", line => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.resolve(message);
    waiting.delete(message.id);
  });
  child.stdin.on("error", () => {}); // its end is told above

  let last_id = 0;
  async function request(method, params) {
    if (over) throw new Error(`the agent has ended: ${log}`);
    const id = ++last_id;
    const answered = new Promise((resolve, reject) => waiting.set(id, {resolve, reject}));
    child.stdin.write(`${JSON.stringify({jsonrpc: "2.0", id, method, params})}\n`);
    const late = setTimeout(() => waiting.get(id)?.reject(new Error(`no answer to ${method}: ${log}`)), answer_within_ms);
    const {result, error} = await answered.finally(() => clearTimeout(late));
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  await request("initialize", {protocolVersion: "2025-11-25", capabilities: {}, clientInfo: {name: "a reader", version: "1"}});
  child.stdin.write(`${JSON.stringify({jsonrpc: "2.0", method: "notifications/initialized"})}\n`);
  return {
    /** The text of the answer, and whether the tool failed. */
    async call(tool, given) {
      const {content, isError} = await request("tools/call", {name: tool, arguments: given});
      return {text: content.map(part => part.text).join("\n"), failed: isError === true};
    },
    tools: async () => (await request("tools/list", {})).tools,
    /** Closes its input; the exit code. */
    end() {
      child.stdin.end();
      return ended;
    },
  };
}
