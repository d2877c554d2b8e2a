# shellcheck shell=bash
# Part of deploy/test-package.sh: the npm package with Debian's Node.js, installed without a network.

# shellcheck disable=SC2154 # `work` and `log` are test-package.sh's
test_npm() {
  local root=$work/npm package
  package=$(one 'nats-mcp-server-*.tgz')
  new_root npm
  say "npm: installing Debian's Node.js, npm and nats-server"
  apt_in "$root" apt-get install -q -y --no-install-recommends nodejs npm nats-server
  mkdir "$root/home/agent/project"
  install -m 644 "$package" "$root/home/agent/project"
  chown -R 1000:1000 "$root/home/agent/project"
  commands_of docs/howto/install.md 'npm install' >"$root/tmp/commands"
  # npm finds out by itself that there is no network, but takes its time.
  quietly inside "$root" agent env npm_config_offline=true npm_config_audit=false npm_config_prefix=/home/agent/global \
    bash -euo pipefail -c 'cd ~/project && . /tmp/commands'
  inside "$root" agent sh -c 'cd ~/project && exec try-server npx --no-install nats-mcp-server'
  quietly inside "$root" agent sh -c 'cd ~/project && exec npx --no-install nats-mcp-server demo'
  say "npm: npx nats-mcp-server answers, and two agents talked, with Node.js $(inside "$root" agent node --version)"
  print_permissions "$root" /home/agent/project/node_modules/nats-mcp-server/share/doc/nats-mcp-server
  inside "$root" agent try-server /home/agent/global/bin/nats-mcp-server
  say "npm: nats-mcp-server answers after npm install --global"
}
