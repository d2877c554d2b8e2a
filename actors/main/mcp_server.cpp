// SPDX-License-Identifier: MIT
#include "actors/interfaces.hpp"
#include "actors/supervision/guarded_promise.hpp"
#include "actors/supervision/actor_shell.hpp"
int main() { return 0; }
