// SPDX-License-Identifier: MIT
// Follows a Dockerfile without a container engine: every stage becomes a directory, filled by
// deploy/packaging/clean-root.sh, in which the instructions are carried out by chroot. Needs root.
// What it does not know it refuses. Prints the last stage's directory and configuration as JSON.
//
//   node build-root.mjs <Dockerfile> <context> <work directory> [<path of the host>:<path> …]
//
// Further arguments are bound into every root while a RUN lasts, such as a cache of the compiler.
import {execFileSync} from "node:child_process";
import {existsSync, mkdirSync, readFileSync, rmSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join, posix, resolve} from "node:path";
import {fileURLToPath} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const require = createRequire(join(root, "tests/deploy/package.json"));
const {DockerfileParser} = require("dockerfile-ast");

const [file, context, work, ...binds] = process.argv.slice(2);
const stages = [];

function run(program, args, options = {}) {
  execFileSync(program, args, {stdio: ["ignore", 2, 2], ...options});
}

// What debian:…-slim leaves out of Debian, and that its apt keeps no index of packages, so that sizes can be
// compared.
const left_out = "path-exclude /usr/share/doc/*\npath-include /usr/share/doc/*/copyright\n"
  + ["man", "info", "locale", "groff", "lintian", "linda"].map(name => `path-exclude /usr/share/${name}/*\n`).join("");

function from(image, name) {
  if (!/^debian:bookworm(-slim)?$/.test(image)) {
    throw new Error(`no root for the image ${image}`);
  }
  const directory = join(work, `stage-${stages.length}`);
  run(join(root, "deploy/packaging/clean-root.sh"), [directory]);
  if (image.endsWith("-slim")) {
    run("tee", [join(directory, "etc/dpkg/dpkg.cfg.d/slim")], {input: left_out, stdio: ["pipe", "ignore", 2]});
    run("tee", [join(directory, "etc/apt/apt.conf.d/docker-clean")],
        {input: 'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n', stdio: ["pipe", "ignore", 2]});
    for (const folder of ["doc", "man", "info", "locale"]) {
      run("find", [join(directory, "usr/share", folder), "-type", "f", "!", "-name", "copyright", "-delete"]);
    }
  }
  stages.push({name, directory, environment: {PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
               directory_inside: "/", user: "0:0"});
}

// As an engine does it: with /proc, a /dev of few devices, and what was asked for bound in.
const run_script = `
set -e
mount -t proc proc "$1/proc"; mount -t tmpfs run "$1/run"
root=$1 user=$2 folder=$3; shift 3
while [ "$1" != -- ]; do
  source=\${1%%:*} target=$root\${1#*:}
  if [ -d "$source" ]; then mkdir -p "$target"; else mkdir -p "$(dirname "$target")"; touch "$target"; fi
  mount --bind "$source" "$target"; shift
done
shift
exec chroot --userspec="$user" "$root" env -i "$@"`;

function run_inside(stage, command) {
  const environment = Object.entries(stage.environment).map(([name, value]) => `${name}=${value}`);
  run("unshare", ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", run_script, "sh", stage.directory, stage.user, "", ...binds, "--",
                  ...environment, "sh", "-c", `cd '${stage.directory_inside}' && ${command}`]);
}

function copy(stage, instruction) {
  const words = instruction.getArguments().map(argument => argument.getValue());
  const source_stage = instruction.getFromFlag()?.getValue();
  const target = words.pop();
  const inside = posix.resolve(stage.directory_inside, target) + (target.endsWith("/") || words[0] === "." ? "/" : "");
  mkdirSync(join(stage.directory, inside.endsWith("/") ? inside : dirname(inside)), {recursive: true});
  for (const word of words) {
    if (source_stage !== undefined) {
      const source = stages.find(one => one.name === source_stage);
      run("cp", ["-a", join(source.directory, word), join(stage.directory, inside)]);
    } else if (word === ".") {
      const ignored = readFileSync(join(context, ".dockerignore"), "utf8").split("\n").filter(line => line !== "");
      const excludes = ignored.map(line => line.startsWith("**/") ? `--exclude=${line.slice(3)}` : `--exclude=./${line}`);
      run("sh", ["-c", 'out=$1; shift; tar -c "$@" . | tar -x --no-same-owner -C "$out"', "sh",
                 join(stage.directory, inside), ...excludes], {cwd: context});
    } else {
      run("cp", ["-a", join(context, word), join(stage.directory, inside)]);
    }
  }
}

rmSync(work, {recursive: true, force: true});
mkdirSync(work, {recursive: true});
for (const instruction of DockerfileParser.parse(readFileSync(file, "utf8")).getInstructions()) {
  const keyword = instruction.getKeyword();
  const stage = stages.at(-1);
  console.error(`== ${instruction.getTextContent?.() ?? keyword}`.split("\n")[0]);
  switch (keyword) {
    case "FROM": from(instruction.getImage(), instruction.getBuildStage()); break;
    case "RUN": run_inside(stage, instruction.getRawArgumentsContent().replaceAll(/\\\n/g, "")); break;
    case "COPY": copy(stage, instruction); break;
    case "ENV": for (const one of instruction.getProperties()) stage.environment[one.getName()] = one.getValue(); break;
    case "USER": stage.user = instruction.getArgumentsContent(); break;
    case "WORKDIR":
      stage.directory_inside = posix.resolve(stage.directory_inside, instruction.getArgumentsContent());
      if (!existsSync(join(stage.directory, stage.directory_inside))) {
        mkdirSync(join(stage.directory, stage.directory_inside), {recursive: true});
      }
      break;
    case "ENTRYPOINT": stage.entrypoint = JSON.parse(instruction.getArgumentsContent()); break;
    case "HEALTHCHECK": stage.healthcheck = JSON.parse(/CMD (\[.*\])/.exec(instruction.getArgumentsContent())[1]); break;
    case "EXPOSE": break;
    default: throw new Error(`this does not know ${keyword}`);
  }
}
console.log(JSON.stringify(stages.at(-1)));
