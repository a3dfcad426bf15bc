// What the vault of one store may remove, from what is written for it.
//
// Promise: a store's own retention, else the config's, else everything is kept. Threads: any.
#pragma once

#include "config/config.h"
#include "vault/retention.h"

namespace backstock::app {

// `store` is one of the config's.
vault::RetentionPolicy retention_of(const config::Config& config, const config::Store& store);

}  // namespace backstock::app
