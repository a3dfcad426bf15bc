#include "app/load_setup.h"

#include <charconv>
#include <cstdlib>

#include "app/retention_of.h"
#include "content/fingerprint.h"
#include "content/registry.h"
#include "sys/posix_fs.h"

#ifndef BACKSTOCK_VERSION
#define BACKSTOCK_VERSION "development"
#endif

namespace backstock::app {
namespace {

std::vector<std::string> labels_of(std::string_view type, std::string_view item) {
  const content::ContentType* entry = content::find_type(type);
  return entry == nullptr ? std::vector<std::string>() : content::labels(*entry, item);
}

// As the recorder hashes what it fetched, here of what was stored: a rebuild knows again what has changed since.
std::optional<vault::ContentHash> hash_of(const vault::StoredVersion& version) {
  const content::ContentType* entry = content::find_type(version.meta.type);
  if (entry == nullptr) return std::nullopt;
  std::vector<content::RawPart> parts;
  for (const vault::StoredPart& part : version.parts) parts.push_back({part.name, part.bytes});
  return vault::ContentHash{content::fingerprint(*entry, version.item, parts), content::kScheme};
}

std::optional<std::chrono::milliseconds> milliseconds_from(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  const std::string_view digits = text;
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), count);
  if (error != std::errc{} || end != digits.end() || count == 0) return std::nullopt;
  return std::chrono::milliseconds(count);
}

// Integration tests provoke trouble all the time and cannot wait minutes for each (tests/README.md). It is no setting:
// only patience gets shorter, nothing is switched off.
void shorten_patience(cli::StoreSetup& setup) {
  store_api::Options& api = setup.api;
  if (const auto first = milliseconds_from("BACKSTOCK_RETRY_FIRST_MS")) {
    api.retry.first_wait = std::min(api.retry.first_wait, *first);
    api.retry.first_wait_limited = std::min(api.retry.first_wait_limited, *first);
  }
  if (const auto answer = milliseconds_from("BACKSTOCK_ANSWER_MS"))
    api.timeout_total = std::min(api.timeout_total, *answer);
  if (const auto look = milliseconds_from("BACKSTOCK_LOOK_MS"))
    setup.look_for_room = std::min(setup.look_for_room, *look);
}

cli::StoreSetup make_store(const config::Config& config, const config::Store& store, const Machine& machine) {
  cli::StoreSetup setup;
  setup.name = store.name;
  setup.deletion_brake = store.deletion_brake;
  setup.extra_parts = store.extra_parts;
  setup.retention = retention_of(config, store);
  setup.vault.fs = machine.fs;
  setup.vault.clock = machine.clock;
  setup.vault.random = machine.random;
  setup.vault.folder = sys::join(sys::join(config.data_dir, "stores"), store.store_hash);
  setup.vault.store_hash = store.store_hash;
  setup.vault.disk = {config.disk.warn.bytes, config.disk.stop.bytes};
  setup.vault.labels = labels_of;
  setup.vault.content_hash = hash_of;
  setup.api.store_name = store.name;
  setup.api.store_hash = store.store_hash;
  setup.api.api_url = store.api_url;
  setup.api.api_share = store.api_share;
  setup.api.user_agent = "Backstock/" BACKSTOCK_VERSION;
  shorten_patience(setup);
  setup.token = [place = store.access_token, sources = config_sources(*machine.fs)] {
    return config::read_secret(place, sources);
  };
  return setup;
}

}  // namespace

config::Sources config_sources(sys::Fs& fs) {
  return {[&fs](const std::string& path, ByteCount max) { return sys::read_file(fs, path, max); },
          [](const std::string& path) { return sys::file_mode(path); },
          [](const std::string& name) {
            const char* value = std::getenv(name.c_str());
            return value == nullptr ? std::optional<std::string>() : std::optional<std::string>(value);
          }};
}

Result<config::Config> load_config(const std::string& path, const config::Sources& sources, config::Secrets secrets) {
  config::Loaded loaded = config::load(path, sources, secrets);
  if (loaded.config) return std::move(*loaded.config);
  std::string problems = config::format(loaded.problems);
  if (problems.ends_with('\n')) problems.pop_back();
  return make_error(ErrorKind::bad_input, "the configuration cannot be used:\n" + problems);
}

cli::Setup make_setup(const config::Config& config, const Machine& machine) {
  cli::Setup setup;
  setup.socket = sys::join(config.data_dir, "backstock.sock");
  for (const config::Store& store : config.stores) setup.stores.push_back(make_store(config, store, machine));
  return setup;
}

}  // namespace backstock::app
