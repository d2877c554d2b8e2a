// SPDX-License-Identifier: MIT
// Renders a folder as `kubectl kustomize` does, for what our overlays use; anything else it refuses. Debian 12 has
// no kubectl that is new enough, so that without this the overlays would be looked at by nobody. Where there
// is one, kubernetes.test.mjs compares both.
import {createHash} from "node:crypto";
import {readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {parseAllDocuments} from "yaml";

/** The documents of a text, which has to be without mistakes. */
export function parse(text) {
  return parseAllDocuments(text, {strict: true, uniqueKeys: true}).map(document => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}

/** By which member an entry of a list is the same as another one. Lists that are not here are replaced. */
const keys_of_lists = {
  containers: "name", initContainers: "name", env: "name", volumes: "name", volumeMounts: "mountPath", ports: "containerPort",
};
const known_members = ["apiVersion", "kind", "namespace", "resources", "configMapGenerator", "images", "replicas", "patches"];

/** A strategic merge: `patch` over `target`, which may be changed. */
function merge(target, patch, list_name) {
  if (Array.isArray(patch) && Array.isArray(target) && keys_of_lists[list_name] !== undefined) {
    const key = keys_of_lists[list_name];
    const entries = patch.map(entry => {
      const same = target.find(other => other[key] === entry[key]);
      return same === undefined ? entry : merge(same, entry);
    });
    // What the patch names comes first, as kustomize has it.
    return [...entries, ...target.filter(other => !patch.some(entry => entry[key] === other[key]))];
  }
  if (patch === null || typeof patch !== "object" || Array.isArray(patch) || typeof target !== "object" || target === null) return patch;
  const {$patch: how, ...members} = patch;
  if (how === "replace") return members;
  if (how !== undefined) throw new Error(`this does not know $patch: ${how} here`);
  for (const [name, value] of Object.entries(members)) {
    if (value === null) delete target[name];
    else target[name] = name in target ? merge(target[name], value, name) : value;
  }
  return target;
}

const is_same = (one, other) => one.kind === other.kind && one.metadata.name === other.metadata.name
  && (one.metadata.namespace ?? "") === (other.metadata.namespace ?? "");

/** The end of a generated name: it changes with the data. */
function hash_of({data}) {
  const sorted = Object.fromEntries(Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1)));
  // As Go writes JSON.
  const text = JSON.stringify({data: sorted, kind: "ConfigMap", name: ""})
    .replaceAll(/[<>&\u2028\u2029]/g, found => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const letters = {0: "g", 1: "h", 3: "k", a: "m", e: "t"};
  return [...createHash("sha256").update(text).digest("hex").slice(0, 10)].map(digit => letters[digit] ?? digit).join("");
}

/** Every member of that name, anywhere below: visit(holder). */
function each_with(name, value, visit) {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value) && value[name] !== undefined) visit(value);
  Object.values(value).forEach(below => each_with(name, below, visit));
}

function rename_image(image, {name, newName: new_name = name, newTag: new_tag}) {
  const [repository, tag] = image.split(":");
  if (repository !== name) return image;
  return `${new_name}:${new_tag ?? tag}`;
}

/** The objects of a folder, and which of them get a name with a hash. */
function build(folder) {
  const read = file => parse(readFileSync(join(folder, file), "utf8"));
  const [kustomization] = read("kustomization.yaml");
  const unknown = Object.keys(kustomization).filter(member => !known_members.includes(member));
  if (unknown.length > 0) throw new Error(`this does not know ${unknown}`);
  const {namespace, resources, configMapGenerator: generators = [], images = [], replicas = [], patches = []} = kustomization;

  const generated = new Set();
  let documents = resources.flatMap(resource => {
    if (!statSync(join(folder, resource)).isDirectory()) return read(resource);
    const below = build(join(folder, resource));
    below.generated.forEach(document => generated.add(document));
    return below.documents;
  });
  if (namespace !== undefined) {
    for (const {kind, metadata} of documents) if (kind !== "Namespace") metadata.namespace = namespace;
  }
  for (const {name, namespace: own = namespace, behavior = "create", files, ...rest} of generators) {
    if (Object.keys(rest).length > 0) throw new Error(`this does not know ${Object.keys(rest)} of a ConfigMap`);
    const data = Object.fromEntries(files.map(file => [file.split("/").at(-1), readFileSync(join(folder, file), "utf8")]));
    const made = {apiVersion: "v1", kind: "ConfigMap", metadata: {name, ...(own === undefined ? {} : {namespace: own})}, data};
    const there = documents.find(other => is_same(other, made));
    if (behavior === "merge" && there !== undefined) {
      Object.assign(there.data, data);
    } else if (behavior === "create" && there === undefined) {
      documents.push(made);
      generated.add(made);
    } else {
      throw new Error(`ConfigMap ${name}: nothing to ${behavior}`);
    }
  }
  for (const {path} of patches) {
    for (const patch of read(path)) {
      const target = documents.find(other => is_same(other, patch));
      if (target === undefined) throw new Error(`${path} is for a ${patch.kind} ${patch.metadata.name} that is not there`);
      if (patch.$patch === "delete") documents = documents.filter(other => other !== target);
      else merge(target, patch);
    }
  }
  for (const {name, count} of replicas) {
    const targets = documents.filter(({kind, metadata}) => ["Deployment", "StatefulSet"].includes(kind) && metadata.name === name);
    if (targets.length === 0) throw new Error(`there is no ${name} to have ${count} of`);
    targets.forEach(target => { target.spec.replicas = count; });
  }
  for (const image of images) each_with("image", documents, holder => { holder.image = rename_image(holder.image, image); });
  return {documents, generated};
}

/** The objects that a folder describes. */
export function render(folder) {
  const {documents, generated} = build(folder);
  for (const document of generated) {
    const {name} = document.metadata;
    const hashed = `${name}-${hash_of(document)}`;
    each_with("configMap", documents, holder => { if (holder.configMap.name === name) holder.configMap.name = hashed; });
    document.metadata.name = hashed;
  }
  return documents;
}
