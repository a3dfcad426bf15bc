// Every setting of Backstock, as plain structs. The keys are those of etc/backstock.example.yaml, which documents them.
//
// Promise: what load() gives is checked: values in range, zones and schedules parsed, names and hashes unique. Adding a
// setting is a member, a line in fields(), and its paragraph in the example (a test asks for that).
//
// Threads: values; read-only after loading.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "config/checks.h"
#include "config/disk.h"
#include "config/field.h"
#include "config/retention.h"
#include "config/secret_place.h"
#include "time/cron.h"
#include "time/zone.h"

namespace backstock::config {

struct Admin {
  ListenAddress listen{"127.0.0.1", 8420};
  std::vector<std::string> hosts;  // further Host names under which a tunnel or proxy reaches the page

  static constexpr auto fields() {
    return std::tuple(field("listen", &Admin::listen), field("hosts", &Admin::hosts, Need::optional, check_host_names));
  }
};

// When each content type is backed up. In the file: `default` and names of content types.
struct Schedule {
  static constexpr std::string_view kDefault = "default";  // the key of `fallback`

  Schedule();  // every day at 3:00

  time::Cron fallback;
  std::map<std::string, time::Cron, std::less<>> by_type;

  const time::Cron& of(std::string_view type) const;
};

struct Store {
  std::string name;
  std::string store_hash;
  SecretPlace access_token;
  std::optional<SecretPlace> restore_token;  // not used yet
  std::optional<SecretPlace> client_secret;  // not used yet
  std::string api_url = "https://api.bigcommerce.com";
  double api_share = 0.5;  // of the store's request quota
  time::Zone timezone;
  Schedule schedule;
  std::vector<std::string> extra_parts;  // read on request only, as "customers.consent"
  double deletion_brake = 0.2;           // more than this share of a type gone from one listing waits for a person
  std::optional<Retention> retention;    // in place of the config's

  static constexpr auto fields() {
    return std::tuple(field("name", &Store::name, Need::required, check_store_name),
                      field("store_hash", &Store::store_hash, Need::required, check_store_hash),
                      field("access_token", &Store::access_token, Need::required),
                      field("restore_token", &Store::restore_token), field("client_secret", &Store::client_secret),
                      field("api_url", &Store::api_url, Need::optional, check_api_url),
                      field("api_share", &Store::api_share, Need::optional, check_share_above_zero),
                      field("timezone", &Store::timezone), field("schedule", &Store::schedule),
                      field("extra_parts", &Store::extra_parts, Need::optional, check_extra_parts),
                      field("deletion_brake", &Store::deletion_brake, Need::optional, check_share),
                      field("retention", &Store::retention));
  }
  // Announced, not there yet: an honest answer is better than "unknown key".
  static constexpr std::array<std::string_view, 3> kLater = {"exports", "notify", "realtime"};
};

struct Config {
  std::string data_dir = "/var/lib/backstock";
  Admin admin;
  std::vector<Store> stores;
  std::string log = "info";            // a level, or room=level pairs after it
  Disk disk;                           // when the disk of data_dir counts as low and as full
  std::optional<Retention> retention;  // of stores without their own; without any, every version is kept for ever

  static constexpr auto fields() {
    return std::tuple(field("data_dir", &Config::data_dir, Need::optional, check_absolute_path),
                      field("admin", &Config::admin), field("stores", &Config::stores, Need::required),
                      field("log", &Config::log, Need::optional, check_log_levels),
                      field("disk", &Config::disk, Need::optional, check_disk), field("retention", &Config::retention));
  }
  static constexpr std::array<std::string_view, 5> kLater = {"webhooks", "exports", "notify", "metrics", "encryption"};
};

// Where every setting stands: "admin.listen", "stores[].schedule.default". What content types have of their own is left
// out, and a store's own retention is named by its one required key.
std::vector<std::string> all_keys();

}  // namespace backstock::config
