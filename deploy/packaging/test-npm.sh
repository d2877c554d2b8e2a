# shellcheck shell=bash
# Part of deploy/test-package.sh: the npm package with Debian's Node.js, installed without a network.

# shellcheck disable=SC2154 # `work` and `log` are test-package.sh's
test_npm() {
  local root=$work/npm package
  package=$(one 'nats-mcp-server-*.tgz')
  new_root npm
  say "npm: installing Debian's Node.js, npm and nats-server"
  apt_in "$root" apt-get install -q -y --no-install-recommends nodejs npm nats-server
  install -m 644 "$package" "$root/tmp/package.tgz"
  quietly inside "$root" agent sh -c 'mkdir -p ~/project && cd ~/project && npm install --offline --no-audit --no-fund /tmp/package.tgz'
  inside "$root" agent sh -c 'cd ~/project && exec try-server npx --no-install nats-mcp-server'
  quietly inside "$root" agent sh -c 'cd ~/project && exec npx --no-install nats-mcp-server demo'
  say "npm: npx nats-mcp-server answers, and two agents talked, with Node.js $(inside "$root" agent node --version)"
  quietly inside "$root" root npm install --global --offline --no-audit --no-fund /tmp/package.tgz
  inside "$root" agent try-server nats-mcp-server
  say "npm: nats-mcp-server answers after npm install --global"
}
