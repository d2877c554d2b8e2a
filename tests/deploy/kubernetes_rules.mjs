// SPDX-License-Identifier: MIT
// What must hold between the objects of Kubernetes: what one names, another one is; and what every pod
// of ours keeps.
const workload_kinds = ["Deployment", "StatefulSet"];

const matches = (selector, labels) =>
  Object.entries(selector ?? {}).every(([name, value]) => labels?.[name] === value);

const containers_of = workload => workload.spec.template.spec.containers ?? [];

/** Without a policy Kubernetes asks a registry for an image with the tag `latest` or none, although the node has it. */
const is_always_pulled = ({image, imagePullPolicy: policy}) =>
  (policy ?? (/:(?!latest$)[^/]+$|@/.test(image) ? "IfNotPresent" : "Always")) === "Always";

/** What is wrong with `documents`, one sentence each. `secrets`: the keys of each Secret that exists besides. */
export function reference_complaints(documents, {namespace, secrets}) {
  const complaints = [];
  const of_kind = kind => documents.filter(one => one.kind === kind);
  const workloads = documents.filter(one => workload_kinds.includes(one.kind));
  const config_maps = of_kind("ConfigMap").map(one => one.metadata.name);
  const complain = (document, text) => complaints.push(`${document.kind} ${document.metadata?.name}: ${text}`);

  const seen = new Set();
  for (const one of documents) {
    const name = `${one.kind} ${one.metadata?.name}`;
    if (seen.has(name)) complain(one, "there are two");
    seen.add(name);
    if (one.kind !== "Namespace" && one.metadata?.namespace !== namespace) complain(one, `is not in ${namespace}`);
  }
  if (!seen.has(`Namespace ${namespace}`)) complaints.push(`Namespace ${namespace} is missing`);

  for (const service of of_kind("Service")) {
    const targets = workloads.filter(one => matches(service.spec.selector, one.spec.template.metadata.labels));
    if (targets.length !== 1) complain(service, "selects no pods, or those of several workloads");
    const names = targets.flatMap(containers_of).flatMap(one => one.ports ?? []).map(one => one.name);
    for (const port of service.spec.ports) {
      if (!names.includes(port.targetPort)) complain(service, `has a port ${port.targetPort} that no container has`);
    }
  }

  for (const workload of workloads) {
    const {template, selector, serviceName} = workload.spec;
    if (!matches(selector.matchLabels, template.metadata.labels)) complain(workload, "does not select its own pods");
    if (workload.kind === "StatefulSet" && !of_kind("Service").some(one => one.metadata.name === serviceName
                                                                     && one.spec.clusterIP === "None")) {
      complain(workload, `has no headless service ${serviceName}`);
    }
    pod_complaints(workload, {config_maps, secrets}).forEach(text => complain(workload, text));
  }

  for (const map of of_kind("ConfigMap")) {
    const text = Object.values(map.data).join("\n").replaceAll(/^ *#.*\n/gm, "");
    const cluster = /^cluster \{\n((?: .*\n)*)/m.exec(text);
    if (cluster !== null && !/^ +no_advertise: true$/m.test(cluster[1])) complain(map, "tells clients the addresses of pods");
  }

  for (const budget of of_kind("PodDisruptionBudget")) {
    const target = workloads.find(one => matches(budget.spec.selector.matchLabels, one.spec.template.metadata.labels));
    if (target === undefined) complain(budget, "selects no pods");
    else if ((target.spec.replicas ?? 1) < 2) complain(budget, "would keep the only pod on its node");
  }

  for (const policy of of_kind("NetworkPolicy")) {
    const selected = workloads.filter(one => matches(policy.spec.podSelector.matchLabels, one.spec.template.metadata.labels));
    if (selected.length === 0) complain(policy, "selects no pods");
    const ports_of = list => list.flatMap(containers_of).flatMap(one => one.ports ?? []).map(one => one.containerPort);
    for (const {ports} of policy.spec.ingress ?? []) {
      for (const {port} of ports ?? []) {
        if (!ports_of(selected).includes(port)) complain(policy, `lets in to port ${port}, which nobody listens on`);
      }
    }
    for (const {to, ports} of policy.spec.egress ?? []) {
      for (const peer of (to ?? []).filter(one => one.podSelector !== undefined)) {
        const peers = workloads.filter(one => matches(peer.podSelector.matchLabels, one.spec.template.metadata.labels));
        if (peers.length === 0) complain(policy, "lets out to pods that there are not");
        for (const {port} of ports ?? []) {
          if (!ports_of(peers).includes(port)) complain(policy, `lets out to port ${port}, which nobody listens on`);
        }
      }
    }
  }
  return complaints;
}

function pod_complaints(workload, {config_maps, secrets}) {
  const complaints = [];
  const pod = workload.spec.template.spec;
  const volumes = [...(pod.volumes ?? []), ...(workload.spec.volumeClaimTemplates ?? []).map(one => one.metadata)];
  for (const volume of pod.volumes ?? []) {
    if (volume.configMap && !config_maps.includes(volume.configMap.name)) {
      complaints.push(`mounts a ConfigMap ${volume.configMap.name} that is not there`);
    }
    if (volume.secret && secrets[volume.secret.secretName] === undefined) {
      complaints.push(`mounts a Secret ${volume.secret.secretName} that nobody makes`);
    }
  }
  if (pod.securityContext?.runAsNonRoot !== true || !(pod.securityContext?.runAsUser > 0)) complaints.push("may be root");
  if (pod.securityContext?.seccompProfile?.type !== "RuntimeDefault") complaints.push("has no seccomp profile");
  if (pod.automountServiceAccountToken !== false) complaints.push("gets a token of Kubernetes that it does not need");
  for (const container of containers_of(workload)) {
    if (is_always_pulled(container)) complaints.push(`${container.image} would be pulled where it was loaded by hand`);
    const ports = (container.ports ?? []).map(one => one.name);
    for (const kind of ["livenessProbe", "readinessProbe", "startupProbe"]) {
      const probe = container[kind];
      if (probe === undefined && kind !== "startupProbe") complaints.push(`${container.name} has no ${kind}`);
      if (probe?.httpGet && !ports.includes(probe.httpGet.port)) {
        complaints.push(`${kind} asks a port ${probe.httpGet.port} that ${container.name} does not have`);
      }
    }
    for (const {name, valueFrom} of container.env ?? []) {
      const asked = valueFrom?.secretKeyRef;
      if (asked && !secrets[asked.name]?.includes(asked.key)) {
        complaints.push(`${name} asks for ${asked.key} of the Secret ${asked.name}, which nobody makes`);
      }
    }
    for (const mount of container.volumeMounts ?? []) {
      if (!volumes.some(one => one.name === mount.name)) complaints.push(`mounts a volume ${mount.name} that is not there`);
    }
    const context = container.securityContext ?? {};
    if (context.allowPrivilegeEscalation !== false || !context.capabilities?.drop?.includes("ALL")
        || context.readOnlyRootFilesystem !== true) {
      complaints.push(`${container.name} keeps rights that it does not need`);
    }
    if (container.resources?.limits?.memory === undefined || container.resources?.requests?.cpu === undefined) {
      complaints.push(`${container.name} says nothing of its memory or processor`);
    }
  }
  return complaints;
}
