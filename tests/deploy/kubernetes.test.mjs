// SPDX-License-Identifier: MIT
// The manifests of deploy/kubernetes without a cluster. Where KUBECTL names one, its rendering of the overlays
// is compared with ours.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {existsSync, readFileSync, readdirSync} from "node:fs";
import {dirname, join} from "node:path";
import {test} from "node:test";
import {fileURLToPath} from "node:url";

import {reference_complaints} from "./kubernetes_rules.mjs";
import {type_complaints} from "./kubernetes_types.mjs";
import {parse, render} from "./kustomize.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = join(root, "deploy/kubernetes");
const namespace = "nats-mcp";

const read = path => parse(readFileSync(join(folder, path), "utf8"));

/** The keys of each Secret: those that create-secrets.sh makes, and the certificate that an administrator brings. */
function known_secrets() {
  const secrets = {"nats-tls": ["ca.crt", "tls.crt", "tls.key"]};
  for (const secret of parse(execFileSync(join(folder, "create-secrets.sh"), {encoding: "utf8"}))) {
    secrets[secret.metadata.name] = Object.keys(secret.stringData);
  }
  return secrets;
}

const base = () => render(join(folder, "base"));
const overlays = readdirSync(join(folder, "overlays"));
const variants = {base, ...Object.fromEntries(overlays.map(name => [name, () => render(join(folder, "overlays", name))]))};
const secrets = known_secrets();

const one = (documents, kind, name) => documents.find(each => each.kind === kind && each.metadata.name.startsWith(name));

for (const [name, load] of Object.entries(variants)) {
  test(`${name}: every object has the members of its type and no others`, () => {
    assert.deepEqual(type_complaints(load()), []);
  });

  test(`${name}: what an object names, another one is`, () => {
    assert.deepEqual(reference_complaints(load(), {namespace, secrets}), []);
  });

  test(`${name}: nats.conf asks for no variable that the pod does not have, and listens on the container's ports`, () => {
    const documents = load();
    const {data} = one(documents, "ConfigMap", "nats-configuration");
    const [container] = one(documents, "StatefulSet", "nats").spec.template.spec.containers;
    const text = Object.values(data).join("\n").replaceAll(/^\s*#.*$/gm, "");
    const given = container.env.map(each => each.name);
    for (const [, variable] of text.matchAll(/\$([A-Z_0-9]+)/g)) {
      assert.ok(given.includes(variable), variable);
    }
    const declared = container.ports.map(each => each.containerPort);
    const listened = [...text.matchAll(/(?:listen|http): "0\.0\.0\.0:(\d+)"/g)].map(found => Number(found[1]));
    assert.ok(listened.length >= 2);
    assert.deepEqual(listened.filter(port => !declared.includes(port)), []);
    for (const [, file] of text.matchAll(/include "([^"]+)"/g)) {
      assert.ok(file in data, file);
    }
  });

  test(`${name}: the coordinator is given settings that exist, and as many copies as there are servers`, () => {
    const documents = load();
    const reference = readFileSync(join(root, "docs/reference/configuration.md"), "utf8");
    const {env} = one(documents, "Deployment", "coordinator").spec.template.spec.containers[0];
    for (const {name: variable} of env) {
      assert.ok(reference.includes(`\`${variable}\``), variable);
    }
    const copies = Number(env.find(each => each.name === "NATS_MCP_REPLICAS").value);
    assert.equal(copies, one(documents, "StatefulSet", "nats").spec.replicas);
  });
}

for (const [name, load] of Object.entries(variants)) {
  // Without a kubectl there is nobody to compare with: what is rendered is looked at all the same.
  if (process.env.KUBECTL) {
    test(`${name}: kubectl renders the same`, () => {
      const path = join(folder, name === "base" ? name : `overlays/${name}`);
      const by_name = documents => Object.fromEntries(documents.map(each => [`${each.kind} ${each.metadata.name}`, each]));
      const theirs = execFileSync(process.env.KUBECTL, ["kustomize", path], {encoding: "utf8"});
      assert.deepEqual(by_name(load()), by_name(parse(theirs)));
    });
  }
}

test("production has three servers on three nodes with TLS, and three copies of every stream", () => {
  const documents = variants.production();
  const {spec} = one(documents, "StatefulSet", "nats");
  assert.equal(spec.replicas, 3);
  assert.ok(spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution);
  assert.match(one(documents, "ConfigMap", "nats-configuration").data["tls.conf"], /^tls \{/m);
  const coordinator = one(documents, "Deployment", "coordinator");
  assert.equal(coordinator.spec.replicas, 2);
  const environment = Object.fromEntries(coordinator.spec.template.spec.containers[0].env.map(({name, value}) => [name, value]));
  assert.equal(environment.NATS_MCP_REPLICAS, "3");
  assert.match(environment.NATS_URL, /^tls:/);
});

/** Bytes of a number as nats-server's configuration or Kubernetes write it. */
const bytes_of = text => {
  const [, number] = /^(\d+)(?:GB|Gi)$/.exec(text);
  return Number(number) * 1024 ** 3;
};

test("what all projects share fits into the shipped stores, with room for a hundred channels, and they fit into their volumes", () => {
  const limits = ["agents", "work", "coordination"].map(name => readFileSync(join(root, `protocol/limits/${name}.hpp`), "utf8")).join("\n");
  const streams = [...limits.matchAll(/\b(\w+_stream_bytes_max) = ([^;]+);/g)];
  assert.equal(streams.length, 4);
  const factors = text => text.replaceAll("LL", "").split("*").map(Number).reduce((product, each) => product * each);
  const shared = streams.map(([, , value]) => factors(value)).reduce((sum, each) => sum + each);
  const documents = variants.base();
  const volume = one(documents, "StatefulSet", "nats").spec.volumeClaimTemplates[0].spec.resources.requests.storage;
  const unit = readFileSync(join(root, "deploy/packaging/etc/nats-server.conf"), "utf8");
  for (const text of [unit, one(documents, "ConfigMap", "nats-configuration").data["nats.conf"]]) {
    const [, store] = /^ *max_file_store: (\S+)$/m.exec(text);
    assert.ok(bytes_of(store) >= shared + 100 * 10 * 1024 ** 2, store);
    assert.ok(bytes_of(volume) > bytes_of(store), volume);
  }
});

test("a single node has one of each, and no budget that would keep it from being drained", () => {
  const documents = variants["single-node"]();
  assert.equal(one(documents, "StatefulSet", "nats").spec.replicas, 1);
  assert.equal(one(documents, "Deployment", "coordinator").spec.replicas, 1);
  assert.deepEqual(documents.filter(each => each.kind === "PodDisruptionBudget"), []);
});

test("the ArgoCD application deploys an overlay that exists, and never removes what is stored", () => {
  const [application] = read("nats.argocd.yaml");
  assert.equal(application.apiVersion, "argoproj.io/v1alpha1");
  assert.equal(application.kind, "Application");
  assert.ok(existsSync(join(root, application.spec.source.path, "kustomization.yaml")));
  assert.equal(application.spec.destination.namespace, namespace);
  assert.equal(application.spec.syncPolicy.automated.prune, false);
});

// A check that cannot fail is worth nothing: each of these is one mistake.
test("misspelled, missing and wrong members are found", () => {
  const documents = base();
  one(documents, "Deployment", "coordinator").spec.replica = 2;
  delete one(documents, "StatefulSet", "nats").spec.selector;
  one(documents, "Service", "nats-external").spec.type = 5;
  const found = type_complaints(documents).map(each => each.split(":")[0]).sort();
  assert.deepEqual(found, ["Deployment coordinator", "Service nats-external", "StatefulSet nats"]);
});

const broken_references = {
  "a service that selects nobody": documents => { one(documents, "Service", "nats-external").spec.selector = {a: "b"}; },
  "a probe on a port that is not there": documents => {
    one(documents, "StatefulSet", "nats").spec.template.spec.containers[0].livenessProbe.httpGet.port = "http";
  },
  "a secret that nobody makes": documents => {
    one(documents, "Deployment", "coordinator").spec.template.spec.containers[0].env.at(-1).valueFrom.secretKeyRef.key = "X";
  },
  "a budget for a single pod": documents => { one(documents, "Deployment", "coordinator").spec.replicas = 1; },
  "a policy for a port nobody listens on": documents => {
    one(documents, "NetworkPolicy", "coordinator").spec.ingress[0].ports[0].port = 7281;
  },
  "a pod that may be root": documents => {
    delete one(documents, "Deployment", "coordinator").spec.template.spec.securityContext.runAsNonRoot;
  },
  "an image of the node that is pulled": documents => {
    one(documents, "Deployment", "coordinator").spec.template.spec.containers[0].image = "nats-mcp-server:latest";
  },
  "an image without a tag": documents => {
    one(documents, "Deployment", "coordinator").spec.template.spec.containers[0].image = "localhost:5000/nats-mcp-server";
  },
  "a volume that is not there": documents => { one(documents, "StatefulSet", "nats").spec.template.spec.volumes = []; },
  "a server that tells clients the addresses of pods": documents => {
    const {data} = one(documents, "ConfigMap", "nats-configuration");
    data["cluster.conf"] = data["cluster.conf"].replace("no_advertise: true", "# no_advertise: true");
  },
  "an object in another namespace": documents => { one(documents, "Service", "coordinator").metadata.namespace = "default"; },
};
for (const [name, make] of Object.entries(broken_references)) {
  test(`${name} is found`, () => {
    const documents = base();
    make(documents);
    assert.notDeepEqual(reference_complaints(documents, {namespace, secrets}), []);
  });
}
