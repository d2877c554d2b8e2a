// SPDX-License-Identifier: MIT
// What others made and the programs contain, as headers or as bundled libraries: that each package carries
// their notices. What is contained is looked up in our sources and in the shipped program, not in a list.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, dirname, join} from "node:path";
import {test} from "node:test";

import {root} from "./markdown.mjs";

const run = (program, ...words) => execFileSync(program, words, {encoding: "utf8"});
const architecture = run("g++", "-print-multiarch").trim();

/** Headers of C and of the kernel: nothing of theirs that has to be named is in a program. */
const system_packages = ["libc6-dev", "linux-libc-dev"];
/** Declarations alone; what they declare is in libraries. */
const declarations = ["libnats-dev", "libssl-dev"];

/** Headers of others that our sources include: {header, package}. */
function headers_of_others() {
  const files = ["actors", "protocol", "transport"].flatMap(folder => readdirSync(join(root, folder), {recursive: true})
    .filter(name => /\.[ch]pp$/.test(name)).map(name => join(root, folder, name)));
  const named = new Set(files.flatMap(file => [...readFileSync(file, "utf8").matchAll(/^ *# *include <([^>]+)>/gm)].map(([, name]) => name)));
  const found = [...named].flatMap(name => {
    const places = [join("/usr/include", name), join("/usr/include", architecture, name)].filter(path => existsSync(path));
    // Elsewhere stands the standard library of C++, whose headers have neither folder nor ending.
    assert.ok(places.length > 0 || /^[a-z_0-9]+$/.test(name), `where is ${name}?`);
    return places.slice(0, 1);
  });
  return run("dpkg-query", "-S", ...found).trim().split("\n").map(line => {
    const [, name, header] = /^([^:]+)(?::\w+)?: (.+)$/.exec(line);
    return {header, package: name};
  }).filter(each => !system_packages.includes(each.package));
}

/** The paragraphs of a copyright file in Debian's format, each with its fields. */
function paragraphs(path) {
  return readFileSync(path, "utf8").trim().split(/\n\n+/)
    .map(text => Object.fromEntries([...text.matchAll(/^([A-Z][A-Za-z-]*):((?:.*)(?:\n[ \t].*)*)/gm)].map(([, name, value]) => [name, value.trim()])));
}

const headers = headers_of_others();
const packages = [...new Set(headers.map(each => each.package))].filter(name => !declarations.includes(name));
/** The source packages of packages. */
const sources_of = names => run("dpkg-query", "-W", "-f", "${source:Package}\n", ...names).trim().split("\n");

test("headers of others are found", () => {
  for (const name of ["libcaf-dev", "libcli11-dev", "libexpected-dev", "nlohmann-json3-dev"]) assert.ok(packages.includes(name), name);
});

test("the copyright file names whoever's headers are compiled in, under a licence whose text it has", () => {
  const own = paragraphs(join(root, "deploy/packaging/debian/copyright"));
  const texts = own.filter(each => each.Files === undefined && each.License?.includes("\n")).map(each => each.License.split("\n")[0]);
  for (const {header, package: name} of headers.filter(each => packages.includes(each.package))) {
    const covers = pattern => new RegExp(`^/${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(header);
    const about = own.find(each => each.Files !== undefined && each.Files !== "*" && each.Files.split(/\s+/).some(covers));
    assert.ok(about, `nothing about ${header} of ${name}`);
    for (const licence of about.License.split("\n")[0].split(" or ")) assert.ok(texts.includes(licence), `${name}: ${licence}`);
    const theirs = paragraphs(join("/usr/share/doc", name, "copyright")).find(each => each.Files === "*");
    const [holder] = /\p{Lu}\p{L}+ \p{Lu}\p{L}+/u.exec(theirs.Copyright);
    assert.ok(about.Copyright.includes(holder), `${name}: ${holder}`);
  }
});

test("tarball and npm package have the notice of each library and of each header, and the texts that these name", () => {
  const prefix = mkdtempSync(join(tmpdir(), "nats-mcp-notices-"));
  try {
    const folder = join(prefix, "lib/nats-mcp-server");
    mkdirSync(folder, {recursive: true});
    const server = process.env.NATS_MCP_SERVER_BINARY;
    for (const program of [server, join(dirname(server), "nats-mcp-coordinator")]) {
      for (const [, library] of run("ldd", program).matchAll(/ => (\/\S+)/g)) {
        if (/^lib(c|m|dl|rt|pthread|resolv)\.so/.test(basename(library)) || existsSync(join(folder, basename(library)))) continue;
        symlinkSync(library, join(folder, basename(library)));
      }
    }
    run(join(root, "deploy/packaging/copy-notices.sh"), architecture, prefix);
    const notices = join(prefix, "share/doc/nats-mcp-server/third-party");
    const files = readdirSync(notices).filter(name => name !== "common-licenses");
    assert.ok(files.length >= 10, files.join());
    const sources = sources_of(files);
    assert.deepEqual(sources_of(packages).filter(name => !sources.includes(name)), []);
    // nats.c and OpenSSL ask that whoever gets them gets the licence.
    assert.match(readFileSync(join(notices, "common-licenses/Apache-2.0"), "utf8"), /Apache License/);
  } finally {
    rmSync(prefix, {recursive: true, force: true});
  }
});
